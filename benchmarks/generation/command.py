"""Verses through the engine against what people usually run, and against the processor's limits."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import torch

from benchmarks.generation.measure import by_size, measure, measure_arrivals
from benchmarks.generation.quality import quality
from benchmarks.generation.report import show
from benchmarks.generation.subject import from_checkpoint, untrained
from benchmarks.machine import busy_warning, machine_facts
from bot.generation.hardware import choose_device, choose_num_threads
from model.engine import PRECISIONS
from model.engine.int8 import Int8Unavailable
from model.errors import ModelError

_VOCAB_SIZES = (100, 1000, 4096, 8000)
_COUNTS = (1, 8, 32, 64, 128)


def add_command(commands: Any) -> None:
    """Add `generation` to the parser of `python -m benchmarks`."""
    parser = commands.add_parser("generation", help=__doc__, description=__doc__)
    add = parser.add_argument
    add("--checkpoint", type=Path, default=Path("checkpoints/starter"))
    add("--random-weights", action="store_true", help="an untrained model of the usual size")
    add("--precision", choices=PRECISIONS, default="auto", help="of the engine")
    add("--device", default="auto", help="cpu, cuda or auto (default)")
    add("--threads", type=int, default=0, help="0 (default): as many as the bot would take")
    add("--arrivals", action="store_true", help="also continuous against static batching")
    add("--sizes", action="store_true", help="also a token at many vocabularies and batches")
    add("--corpus", type=Path, help="also what int8 costs on the held-out songs of this corpus")
    add("--json", action="store_true", help="figures as one JSON object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    torch.set_num_threads(choose_num_threads(options.threads))
    facts = machine_facts()
    try:
        report = {"machine": facts, **_figures(options)}
    except (ModelError, Int8Unavailable) as error:
        print(
            f"{error} Train a checkpoint with `python -m model train`, or measure an untrained"
            " model with --random-weights.",
            file=sys.stderr,
        )
        return 1
    if options.json:
        print(json.dumps(report, indent=2))
    else:
        show(report)
    if warning := busy_warning(facts):
        print(warning, file=sys.stderr)
    return 0


def _figures(options: argparse.Namespace) -> dict[str, Any]:
    device, precision = choose_device(options.device), options.precision
    subject = (
        untrained(device) if options.random_weights else from_checkpoint(options.checkpoint, device)
    )
    figures = {"model": subject.name, **measure(subject, precision)}
    if options.arrivals:
        per_token_s = figures["step"]["milliseconds"] / 1000 / figures["step"]["rows"]
        figures["arrivals"] = measure_arrivals(subject, precision, per_token_s)
    if options.sizes:
        sizes = by_size(lambda size: untrained(device, size), _VOCAB_SIZES, _COUNTS)
        figures["sizes"] = sizes
    if options.corpus:
        figures["quality"] = quality(options.checkpoint, options.corpus)
    return figures

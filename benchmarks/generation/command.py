"""Verses through the engine against what people usually run, and against the processor's limits."""

import argparse
import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import torch

from benchmarks.generation.graphs import compare_graphs
from benchmarks.generation.kernels import ONNX, compare_kernels
from benchmarks.generation.measure import measure, measure_arrivals
from benchmarks.generation.peers import how_to_install, missing
from benchmarks.generation.quality import quality
from benchmarks.generation.report import show
from benchmarks.generation.subject import Subject, from_checkpoint, untrained
from benchmarks.machine import busy_warning, machine_facts
from bot.generation.hardware import choose_device, choose_num_threads
from model.engine import PRECISIONS, Precision
from model.engine.int8 import Int8Unavailable
from model.errors import ModelError

_VOCAB_SIZES = (100, 1000, 4096, 8000)
_COUNTS = (1, 8, 32, 64, 128)
_GPT2 = ("transformers",)


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
    add("--kernels", action="store_true", help="also a token by other int8 kernels, at many sizes")
    add("--graphs", action="store_true", help="on a GPU: also CUDA graphs against eager PyTorch")
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
    figures = {"model": subject.name, **_speeds(subject, precision, device)}
    if options.arrivals:
        per_token_s = figures["step"]["milliseconds"] / 1000 / figures["step"]["rows"]
        figures["arrivals"] = measure_arrivals(subject, precision, per_token_s)
    if options.kernels:
        figures["kernels"] = compare_kernels(partial(untrained, "cpu"), _VOCAB_SIZES, _COUNTS)
        _tell_if_missing("onnxruntime's int8 LSTM", ONNX)
    if options.graphs and torch.device(device).type == "cuda":
        figures["graphs"] = compare_graphs(subject)
    elif options.graphs:
        print("CUDA graphs are measured on a GPU only, with --device cuda.", file=sys.stderr)
    if options.corpus:
        figures["quality"] = quality(options.checkpoint, options.corpus)
    return figures


def _speeds(subject: Subject, precision: Precision, device: str) -> dict[str, Any]:
    """The engine's figures, beside those of GPT-2 where transformers is installed."""
    _tell_if_missing("GPT-2", _GPT2)
    if missing(_GPT2):
        return measure(subject, precision)
    from benchmarks.generation.gpt2 import GPT2  # what may not be installed

    gpt2 = GPT2(device)
    figures = measure(subject, precision, gpt2.tokens_per_s)
    figures["gpt2"]["num_weights"] = gpt2.num_weights
    return figures


def _tell_if_missing(subject: str, modules: tuple[str, ...]) -> None:
    if absent := missing(modules):
        print(how_to_install(subject, absent), file=sys.stderr)

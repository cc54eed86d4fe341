"""What fine-tuning on a few songs of a new artist gains, and what it costs everybody else.

Each new artist of --new hands in their first songs; the checkpoint is fine-tuned on them with a
setting, and measured on their other songs and on held-out songs of the artists of --others. The
settings are a base (the default, changed by --set), and the base with one value of --vary at a
time.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from benchmarks.finetuning.report import as_markdown
from benchmarks.finetuning.settings import parse_change
from benchmarks.finetuning.study import Study, write_json
from benchmarks.machine import machine_facts
from model.errors import ModelError


def add_command(commands: Any) -> None:
    """Add `finetuning` to the parser of `python -m benchmarks`."""
    parser = commands.add_parser(
        "finetuning", help="what a few songs of a new artist teach", description=__doc__
    )
    parser.add_argument("--checkpoint", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--new", type=Path, nargs="+", required=True, metavar="FILE")
    parser.add_argument("--others", type=Path, nargs="+", required=True, metavar="FILE")
    parser.add_argument("--songs", type=_counts, default=[5, 20, 60], help="default: 5,20,60")
    parser.add_argument("--artists", type=_count, metavar="N", help="default: all in --new")
    parser.add_argument(
        "--set", dest="base", type=parse_change, action="append", default=[], metavar="NAME=VALUE"
    )
    parser.add_argument(
        "--vary", type=parse_change, action="append", default=[], metavar="NAME=VALUE,VALUE"
    )
    parser.add_argument(
        "--replay",
        type=_count,
        metavar="CHARACTERS",
        help="of songs by the others to read again; default: none, so that all is sampled",
    )
    parser.add_argument("--threads", type=_count, default=1, help="default: 1, as in the bot")
    parser.add_argument("--seed", type=int, default=0, help="of which songs are given")
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help="keep figures here, and repeat no finished run"
    )
    parser.add_argument("--json", action="store_true", help="print figures as one JSON object")
    parser.set_defaults(run=run)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} is no number; give 1 or more")
    return int(text)


def _counts(text: str) -> list[int]:
    return [_count(part) for part in text.split(",")]


def run(options: argparse.Namespace) -> int:
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)  # as the training child of the bot
    facts = machine_facts()
    try:
        study = Study(options)
        study.run()
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    text = as_markdown(study.trials, facts, study.failures)
    figures = {
        "machine": facts,
        "trials": [asdict(trial) for trial in study.trials],
        "failures": study.failures,
    }
    if options.out:
        (options.out / "study.md").write_text(text, encoding="utf-8")
        write_json(options.out / "study.json", figures)
    print(json.dumps(figures) if options.json else text.rstrip("\n"))
    return 0

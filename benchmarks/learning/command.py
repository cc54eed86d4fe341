"""The command line of a benchmark that trains: its options, its run, what it shows."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from rich.table import Table

from benchmarks.learning.report import facts_of
from benchmarks.machine import busy_warning, machine_facts
from model.errors import ModelError

Report = dict[str, Any]


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """What every benchmark that trains on a published set takes."""
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="of the files")
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help="of the run, which goes on if it is there"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 lets torch choose")
    parser.add_argument("--seed", type=int, help="of the weights, the order and the dropout")
    parser.add_argument("--validations", type=int, help="during the run (default: the recipe's)")
    parser.add_argument("--json", action="store_true", help="figures as one JSON object")


def changes_of(options: argparse.Namespace) -> dict[str, Any]:
    """The settings of training that the command line gives in the place of the recipe's."""
    changes = {
        "max_minutes": options.minutes,
        "num_validations": options.validations,
        "seed": options.seed,
    }
    return {name: value for name, value in changes.items() if value is not None}


def measure(
    options: argparse.Namespace,
    run_recipe: Callable[[], Report],
    folder: Path,
    table_of: Callable[[Report], Table],
) -> int:
    """Run a recipe in `folder` and show what came of it; what cannot be done is one sentence.

    The report also stays in `folder`.
    """
    if options.threads:
        torch.set_num_threads(options.threads)
    facts = machine_facts()
    before = time.process_time()
    try:
        report = {"machine": facts, **run_recipe()}
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; the same command goes on from the last validation.", file=sys.stderr)
        return 130
    report["processor_s"] = time.process_time() - before
    (folder / "report.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    if options.json:
        print(json.dumps(report, indent=2))
    else:
        _show(report, table_of(report), folder)
    if warning := busy_warning(facts):
        print(warning, file=sys.stderr)
    return 0


def _show(report: Report, table: Table, folder: Path) -> None:
    console = Console()
    console.print(table)
    for fact in facts_of(report):
        console.print(fact, markup=False)
    console.print(f"The curve is {folder / 'curve.png'}.", markup=False)

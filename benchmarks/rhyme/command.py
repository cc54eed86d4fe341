"""Rhyme against likelihood as the tries at each line grow, or by the weights of their score."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from rich.table import Table

from benchmarks.machine import busy_warning, machine_facts
from benchmarks.rhyme.picture import draw
from bot.generation.hardware import choose_num_threads
from model.checkpoint import Checkpoint, load_checkpoint
from model.cli.shared import read_splits
from model.errors import ModelError
from model.evaluation.verses import Judges
from model.search import VersePlan, write_verses
from model.search.plan import DEFAULT_CANDIDATES
from model.search.score import Weights
from model.verse_study.study import VerseStudy, write_and_measure, write_plainly

CANDIDATES = (1, 2, 4, 8, 16, 32)
ARTISTS = (
    *("W. S. Gilbert", "Emily Dickinson", "Rudyard Kipling", "Robert Burns", "Lord Byron"),
    *("A. E. Housman", "Lewis Carroll", "Banjo Paterson", "Christina Rossetti", "Edward Lear"),
)
_COLUMNS = {
    "rhyme_density": "rhyme density",
    "scheme_met": "scheme met",
    "longest_copied_run": "copied run",
    "similarity": "similarity",
    "voice": "voice",
    "distinct_2": "distinct pairs",
    "bits_per_character": "bits per character",
    "seconds_per_verse": "s a verse",
}


def add_command(commands: Any) -> None:
    """Add `rhyme` to the parser of `python -m benchmarks`."""
    parser = commands.add_parser("rhyme", help=__doc__, description=__doc__)
    add = parser.add_argument
    add("--corpus", nargs="+", type=Path, required=True, help="what the checkpoint was trained on")
    add("--checkpoint", type=Path, default=Path("checkpoints/starter"))
    add("--artists", nargs="+", default=ARTISTS)
    add("--verses", type=int, default=100)
    add("--threads", type=int, default=0, help="0 (default): as many as the bot would take")
    add("--weights", nargs="*", default=[], metavar="NAME=VALUE,…", help="settings to compare")
    add("--picture", help="write the curve over the numbers of tries to this PNG")
    add("--json", action="store_true")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    torch.set_num_threads(choose_num_threads(options.threads))
    facts = machine_facts()
    try:
        settings = [_read_weights(text) for text in options.weights]
        checkpoint, judges = _load(options)
    except (ModelError, ValueError, TypeError) as error:
        print(error, file=sys.stderr)
        return 1
    if settings:
        runs = [(DEFAULT_CANDIDATES, weights) for weights in settings]
    else:
        runs = [(number, Weights()) for number in CANDIDATES]
    rows = [_plain(options, checkpoint, judges)]
    rows += [_searched(options, checkpoint, judges, *each) for each in runs]
    if options.picture and not settings:
        draw(rows, options.picture)
    if options.json:
        print(json.dumps({"machine": facts, "rows": rows}, indent=2))
    else:
        _show(rows)
    if warning := busy_warning(facts):
        print(warning, file=sys.stderr)
    return 0


def _load(options: argparse.Namespace) -> tuple[Checkpoint, Judges]:
    checkpoint = load_checkpoint(options.checkpoint)
    with Path(os.devnull).open("w") as nowhere:
        splits = read_splits(options.corpus, None, Console(file=nowhere))
    return checkpoint, Judges(splits.train, [song for split in splits for song in split])


def _read_weights(text: str) -> Weights:
    """Raises ValueError or TypeError for what is no setting."""
    pairs = (each.partition("=")[::2] for each in text.split(","))
    return replace(Weights(), **{name: float(value) for name, value in pairs})


def _measured(
    options: argparse.Namespace,
    checkpoint: Checkpoint,
    judges: Judges,
    num_candidates: int,
    write: Callable[[Sequence[VersePlan]], Sequence[str]],
) -> dict[str, Any]:
    study = VerseStudy(artists=options.artists, count=options.verses, num_candidates=num_candidates)
    figures = write_and_measure(checkpoint, study, judges, write)
    del figures["texts"]
    return figures | {"seconds_per_verse": figures["seconds"] / study.count}


def _plain(options: argparse.Namespace, checkpoint: Checkpoint, judges: Judges) -> dict[str, Any]:
    write = partial(write_plainly, checkpoint)
    return {"name": "plain", **_measured(options, checkpoint, judges, 1, write)}


def _searched(
    options: argparse.Namespace,
    checkpoint: Checkpoint,
    judges: Judges,
    num_candidates: int,
    weights: Weights,
) -> dict[str, Any]:
    def write(plans: Sequence[VersePlan]) -> list[str]:
        return [each.text for each in write_verses(checkpoint, plans, weights=weights)]

    changed = {
        name: value for name, value in asdict(weights).items() if value != getattr(Weights(), name)
    }
    name = ", ".join(f"{key} {value:g}" for key, value in changed.items()) or str(num_candidates)
    return {
        "name": name,
        "num_candidates": num_candidates,
        "is_default": num_candidates == DEFAULT_CANDIDATES and not changed,
        **_measured(options, checkpoint, judges, num_candidates, write),
    }


def _show(rows: Sequence[dict[str, Any]]) -> None:
    table = Table()
    table.add_column("tries at each line")
    for title in _COLUMNS.values():
        table.add_column(title, justify="right")
    for row in rows:
        cells = (row[key] for key in _COLUMNS)
        mark = " (default)" if row.get("is_default") else ""
        table.add_row(
            row["name"] + mark, *(str(v) if isinstance(v, int) else f"{v:.3f}" for v in cells)
        )
    Console(width=120).print(table)

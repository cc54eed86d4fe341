"""`python -m model evaluate`: bits per character in all, by language and by artist."""

import argparse
import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from model.checkpoint import load_checkpoint
from model.cli.shared import choose_device, read_songs
from model.corpus.dataset import encode_songs, select_split
from model.corpus.song import Song
from model.errors import CorpusError
from model.evaluation.perplexity import NO_SCORE, Score, score_songs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which checkpoint, on what, how shown."""
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--corpus", nargs="+", type=Path, required=True)
    parser.add_argument("--artist", help="whose songs they are, where the files do not say")
    parser.add_argument("--split", choices=["train", "validation", "test", "all"], default="test")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace, console: Console) -> int:
    """Score the split's songs, each from an empty state."""
    started = time.perf_counter()
    checkpoint = load_checkpoint(args.checkpoint, choose_device(args.device))
    songs = select_split(read_songs(args.corpus, args.artist, console), args.split)
    if not songs:
        raise CorpusError(f"No song falls into the {args.split} split; try --split all.")
    encoded = encode_songs(songs, checkpoint.artists, checkpoint.tokenizer)
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("scoring", total=len(songs))
        scores = score_songs(
            checkpoint.model, encoded, on_batch=lambda done: bar.update(task, completed=done)
        )
    report = {
        "checkpoint": checkpoint.version,
        "split": args.split,
        **_figures(songs, scores),
        "languages": _grouped(songs, scores, "language"),
        "artists": _grouped(songs, scores, "artist"),
        "elapsed_s": round(time.perf_counter() - started, 2),
    }
    if args.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _print_tables(report, console)
    return 0


def _figures(songs: Sequence[Song], scores: Iterable[Score]) -> dict[str, Any]:
    total = sum(scores, NO_SCORE)
    return {
        "bits_per_character": round(total.bits_per_character, 4),
        "perplexity": round(total.perplexity, 2),
        "songs": len(songs),
        "characters": total.num_characters,
    }


def _grouped(songs: Sequence[Song], scores: Sequence[Score], attribute: str) -> dict[str, Any]:
    groups: dict[str, list[int]] = {}
    for index, song in enumerate(songs):
        groups.setdefault(getattr(song, attribute), []).append(index)
    return {
        name: _figures([songs[i] for i in rows], [scores[i] for i in rows])
        for name, rows in sorted(groups.items())
    }


def _print_tables(report: dict[str, Any], console: Console) -> None:
    table = Table(title=f"{report['checkpoint']} on the {report['split']} split")
    table.add_column("")
    for column in ("bits per character", "perplexity per token", "songs", "characters"):
        table.add_column(column, justify="right")

    def add(name: str, figures: dict[str, Any], style: str | None = None) -> None:
        cells = (f"{figures['bits_per_character']:.3f}", f"{figures['perplexity']:.1f}")
        table.add_row(
            name, *cells, str(figures["songs"]), f"{figures['characters']:,}", style=style
        )

    add("all", report, "bold")
    for name, figures in report["languages"].items():
        add(name, figures, "bold")
    table.add_section()
    for name, figures in sorted(
        report["artists"].items(), key=lambda item: float(item[1]["bits_per_character"])
    ):
        add(name, figures)
    console.print(table)

"""`python -m model evaluate`: bits per character in all, by language and by artist; or verses."""

import argparse
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from model.checkpoint import Checkpoint, load_checkpoint
from model.cli import evaluate_verses
from model.cli.shared import choose_device, read_splits
from model.corpus.dataset import EncodedSong, encode_songs
from model.corpus.song import Song
from model.errors import CorpusError
from model.evaluation.dynamic import (
    DECAY,
    NORMALISED_LEARNING_RATE,
    PLAIN_LEARNING_RATE,
    SEGMENT,
    DynamicConfig,
    gradient_magnitudes,
    score_by_artist,
)
from model.evaluation.perplexity import NO_SCORE, Score, score_songs

_NUM_REFERENCE_SONGS = 64  # of the training split: enough to know how large gradients are


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which checkpoint, on what, how shown."""
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--corpus", nargs="+", type=Path, required=True)
    parser.add_argument("--artist", help="whose songs they are, where the files do not say")
    parser.add_argument("--split", choices=["train", "validation", "test", "all"], default="test")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--dynamic",
        action="store_true",
        help="also score each artist's songs in order, learning from each line once it is scored",
    )
    parser.add_argument(
        "--dynamic-learning-rate",
        type=float,
        help=f"default {NORMALISED_LEARNING_RATE:g}, or {PLAIN_LEARNING_RATE:g} where the corpus "
        "has no training split of the checkpoint's artists",
    )
    parser.add_argument("--dynamic-decay", type=float, default=DECAY, help=f"default {DECAY}")
    parser.add_argument(
        "--dynamic-segment", type=int, default=SEGMENT, help=f"default {SEGMENT} tokens"
    )
    evaluate_verses.add_arguments(parser.add_argument_group("verses"))


def run(args: argparse.Namespace, console: Console) -> int:
    """Score the split's songs, each from an empty state; or verses, if they are asked for."""
    if args.verses is not None:
        return evaluate_verses.run(args, console)
    started = time.perf_counter()
    checkpoint = load_checkpoint(args.checkpoint, choose_device(args.device))
    splits = read_splits(args.corpus, args.artist, console)
    songs = [song for split in splits for song in split]
    if args.split != "all":
        songs = getattr(splits, args.split)
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
        **_all_figures(songs, scores),
    }
    if args.dynamic:
        config, scores = _score_dynamically(args, checkpoint, encoded, splits.train, console)
        report["dynamic"] = {**asdict(config), **_all_figures(songs, scores)}
    report["elapsed_s"] = round(time.perf_counter() - started, 2)
    if args.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _print_tables(report, console)
    return 0


def _score_dynamically(
    args: argparse.Namespace,
    checkpoint: Checkpoint,
    encoded: Sequence[EncodedSong],
    train: Sequence[Song],
    console: Console,
) -> tuple[DynamicConfig, list[Score]]:
    """Steps are sized by gradients of the training split, as far as the corpus has it."""
    known = [song for song in train if song.artist in checkpoint.artists]
    evenly = known[:: max(1, len(known) // _NUM_REFERENCE_SONGS)]
    reference = encode_songs(evenly, checkpoint.artists, checkpoint.tokenizer)
    default = NORMALISED_LEARNING_RATE if reference else PLAIN_LEARNING_RATE
    rate = args.dynamic_learning_rate
    config = DynamicConfig(
        learning_rate=default if rate is None else rate,
        decay=args.dynamic_decay,
        segment=args.dynamic_segment,
    )
    batches = [[song] for song in reference]
    model = checkpoint.model
    magnitudes = gradient_magnitudes(model, batches, config.segment) if reference else None
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("learning while scoring", total=len(encoded))
        return config, score_by_artist(
            model, encoded, config, magnitudes, lambda done: bar.update(task, completed=done)
        )


def _all_figures(songs: Sequence[Song], scores: Sequence[Score]) -> dict[str, Any]:
    return {
        **_figures(songs, scores),
        "languages": _grouped(songs, scores, "language"),
        "artists": _grouped(songs, scores, "artist"),
    }


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
    dynamic = report.get("dynamic")
    if dynamic:
        table.add_column("bits per character, dynamic", justify="right")

    def add(
        name: str, figures: dict[str, Any], learning: dict[str, Any] | None, style: str | None
    ) -> None:
        cells = [f"{figures['bits_per_character']:.3f}", f"{figures['perplexity']:.1f}"]
        cells += [str(figures["songs"]), f"{figures['characters']:,}"]
        if learning:
            cells.append(f"{learning['bits_per_character']:.3f}")
        table.add_row(name, *cells, style=style)

    add("all", report, dynamic, "bold")
    for name, figures in report["languages"].items():
        add(name, figures, dynamic and dynamic["languages"][name], "bold")
    table.add_section()
    for name, figures in sorted(
        report["artists"].items(), key=lambda item: float(item[1]["bits_per_character"])
    ):
        add(name, figures, dynamic and dynamic["artists"][name], None)
    console.print(table)

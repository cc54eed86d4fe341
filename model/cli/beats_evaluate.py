"""`python -m model beats evaluate`: nats per frame, and beats beside held-out pieces in a table."""

import argparse
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from model.beats.checkpoint import BeatCheckpoint, load_beat_checkpoint
from model.beats.dataset import encode_pieces
from model.beats.piece import Piece, split_pieces
from model.beats.plan import MAX_BARS
from model.beats.study import BeatStudy, study_beats
from model.cli.shared import choose_device, chosen_styles, read_music
from model.corpus.split import Splits
from model.errors import ConfigError, CorpusError
from model.evaluation.perplexity import total_score

ROWS = {
    "notes_per_bar": "notes a bar",
    "pitch_class_entropy": "pitch-class entropy, bits",
    "polyphony": "keys at once, where any sounds",
    "share_in_key": "share in key",
    "rest_share": "share of steps without a sound",
    "groove_similarity": "likeness of rhythms of bars",
    "bar_recurrence": "likeness of a bar to one before it",
    "longest_copy": "longest copy of a training passage, steps",
    "longest_copy_most": "  of all pieces",
    "longest_copy_in_any_key": "longest copy in any key, steps",
    "longest_copy_in_any_key_most": "  of all pieces",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which checkpoint, on what, and how many beats."""
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, required=True, help="as for `beats train`")
    parser.add_argument("--style", action="append", help="may be given again (default: all)")
    parser.add_argument("--beats", type=int, default=16, help="how many (default 16)")
    parser.add_argument("--bars", type=int, default=16, help="of each (default 16)")
    parser.add_argument("--temperature", type=float, help="default: the style's")
    parser.add_argument("--rng-seed", type=int, default=0)
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace, console: Console) -> int:
    """Score the test split, write the beats and measure them beside held-out pieces."""
    if not 1 <= args.bars <= MAX_BARS or args.beats < 1:
        raise ConfigError(f"--beats must be at least 1, and --bars from 1 to {MAX_BARS}.")
    checkpoint = load_beat_checkpoint(args.checkpoint, choose_device(args.device))
    splits = split_pieces(read_music(args.corpus, console))
    styles = chosen_styles(args.style, checkpoint)
    study = BeatStudy(styles, args.beats, args.bars, args.temperature, args.rng_seed)
    with console.status("writing and measuring"):
        report: dict[str, Any] = {
            "checkpoint": checkpoint.version,
            "nats_per_frame": nats_per_frame(checkpoint, splits),
            "beats": study_beats(checkpoint, study, splits),
        }
    if args.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _print_tables(report, console)
    return 0


def nats_per_frame(checkpoint: BeatCheckpoint, splits: Splits[Piece]) -> dict[str, float]:
    """Of the test split, for each style that has any."""
    model, names = checkpoint.model, [style.name for style in checkpoint.styles]
    scores = {}
    for name in names:
        pieces = [piece for piece in splits.test if piece.style == name]
        if pieces:
            encoded = encode_pieces(pieces, names, model.config.grid_steps)
            scores[name] = total_score(model, encoded).nats_per_position
    if not scores:
        raise CorpusError("No piece of a known style falls into the test split; add pieces.")
    return scores


def _print_tables(report: dict[str, Any], console: Console) -> None:
    table = Table("style", "nats per frame", title=f"{report['checkpoint']} on the test split")
    for style, nats in report["nats_per_frame"].items():
        table.add_row(style, f"{nats:.3f}")
    console.print(table)
    beats = report["beats"]
    for name in beats["generated"]:
        columns = {f"{kind}, {beats[kind][name]['pieces']}": beats[kind][name] for kind in beats}
        table = Table("", *columns, title=name)
        for key, label in ROWS.items():
            table.add_row(label, *(f"{figures[key]:.3g}" for figures in columns.values()))
        console.print(table)

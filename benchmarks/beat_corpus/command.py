"""Write the corpus that beats learn from: MIDI files, a folder for each style."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.beat_corpus.chorales import Chorales
from benchmarks.beat_corpus.composer import compose
from benchmarks.beat_corpus.manners import MANNERS
from model.errors import ModelError
from model.midi import PianoRoll, write_midi

CHORALE = "chorale"
NUM_PIECES = 300


def add_command(commands: Any) -> None:
    """Add `beat-corpus` to the parser of `python -m benchmarks`."""
    parser = commands.add_parser("beat-corpus", help=__doc__, description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    parser.add_argument(
        "--pieces", type=int, default=NUM_PIECES, help=f"of each style (default {NUM_PIECES})"
    )
    parser.add_argument(
        "--music21",
        type=Path,
        metavar="WHEEL",
        help="music21's wheel, for chorales: pip download --no-deps music21==10.5.1",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """The same options write the same files."""
    console = Console(stderr=True)
    for style in MANNERS:
        pieces = ((f"{style}-{number:03d}", number) for number in range(options.pieces))
        _write(options.out, style, ((name, compose(style, number)) for name, number in pieces))
        console.print(f"{style}: {options.pieces} pieces.")
    if options.music21 is not None:
        chorales = Chorales(options.music21)
        try:
            num_written = _write(options.out, CHORALE, chorales.read())
        except ModelError as error:
            console.print(str(error), style="red", markup=False)
            return 2
        console.print(
            f"{CHORALE}: {num_written} pieces; left out: {chorales.num_reserved} that name a "
            f"holder of rights, {chorales.num_others} in another time, number of parts, or twice."
        )
    return 0


def _write(folder: Path, style: str, pieces: Iterator[tuple[str, PianoRoll]]) -> int:
    place = folder / style
    place.mkdir(parents=True, exist_ok=True)
    num_written = 0
    for name, roll in pieces:
        (place / f"{name}.mid").write_bytes(write_midi(roll, name=name))
        num_written += 1
    return num_written

"""Pieces of music to learn from: MIDI files in folders, one folder for each style."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from model.corpus.readers import Refusal
from model.corpus.split import Splits, split_of
from model.errors import CorpusError, MidiError
from model.midi import MAX_BYTES, PianoRoll, read_midi

STEPS_PER_BEAT = 4
_ENDINGS = (".mid", ".midi")


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One piece of music, and the style that it belongs to."""

    style: str
    name: str
    roll: PianoRoll


def read_pieces(folder: Path, steps_per_beat: int = STEPS_PER_BEAT) -> Iterator[Piece | Refusal]:
    """Every MIDI file in `folder`'s own folders, which are named after their styles.

    Raises CorpusError where `folder` is none, or holds no such folders.
    """
    if not folder.is_dir():
        raise CorpusError(f"{folder} is no folder; give one with a folder of MIDI files a style.")
    files = [path for path in sorted(folder.glob("*/*")) if path.suffix.lower() in _ENDINGS]
    if not files:
        raise CorpusError(
            f"{folder} holds no MIDI files in folders of their own; put those of each style into "
            f"a folder named after it, as in {folder.name}/boombap/first.mid."
        )
    for path in files:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        try:
            yield Piece(path.parent.name, path.stem, read_midi(data, steps_per_beat=steps_per_beat))
        except MidiError as error:
            yield Refusal(str(path), 0, path.parent.name, str(error))


def split_pieces(pieces: Iterable[Piece]) -> Splits[Piece]:
    """Every piece in the split of its style and name, as songs by artist and title."""
    splits: Splits[Piece] = Splits([], [], [])
    for piece in pieces:
        getattr(splits, split_of(piece.style, piece.name)).append(piece)
    return splits

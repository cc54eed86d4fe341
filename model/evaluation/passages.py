"""What a piece of music copies: its longest passage that stands in another, note for note."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.midi import PianoRoll

Numbers = NDArray[np.int64]
_SILENCE = 0
_END = -1  # of a piece
_UNKNOWN = -2


class Copy(NamedTuple):
    """How many steps on end are the same, and the number of the piece that has them, if any."""

    num_steps: int
    piece: int | None


class PassageIndex:
    """Finds the longest passage that a piece shares with any of `pieces`.

    A passage is a run of steps at which the same keys sound; it begins and ends with a step at
    which some do, so that a rest alone is no copy. With `in_any_key` it may be moved up or down as
    a whole.
    """

    def __init__(self, pieces: Sequence[PianoRoll], *, in_any_key: bool = False) -> None:
        self._in_any_key = in_any_key
        self._numbers: dict[bytes, int] = {}
        parts = [self._encoded(roll, is_learned=True) for roll in pieces]
        ends = np.cumsum([len(part[0]) + 1 for part in parts])
        self._piece_ends = ends
        self._moves = _joined([moves for _, moves in parts])
        shapes = _joined([shapes for shapes, _ in parts])
        order = np.argsort(shapes, kind="stable")
        known, starts = np.unique(shapes[order], return_index=True)
        self._places = dict(zip(known.tolist(), np.split(order, starts[1:]), strict=True))

    def longest_copy(self, roll: PianoRoll) -> Copy:
        """The first of equals."""
        shapes, moves = self._encoded(roll, is_learned=False)
        lengths = np.zeros(len(self._moves), dtype=np.int64)  # of the run that ends at each place
        reached = np.full(len(self._moves), -1)  # by which step of the roll it was written
        best, best_end = 0, None
        for step, (shape, move) in enumerate(zip(shapes.tolist(), moves.tolist(), strict=True)):
            places = self._places.get(shape, np.zeros(0, dtype=np.int64))
            goes_on = (reached[places - 1] == step - 1) & (self._moves[places] == move)
            before = np.where(goes_on, lengths[places - 1], 0)
            running = np.where(before > 0, before + 1, int(shape != _SILENCE))
            lengths[places], reached[places] = running, step
            if shape != _SILENCE and len(places) and int(running.max()) > best:
                best, best_end = int(running.max()), int(places[running.argmax()])
        if best_end is None:
            return Copy(0, None)
        return Copy(best, int(np.searchsorted(self._piece_ends, best_end, side="right")))

    def _encoded(self, roll: PianoRoll, *, is_learned: bool) -> tuple[Numbers, Numbers]:
        """For each step a number of what sounds, and how far it has moved since the last sound.

        In any key, what sounds is told from its lowest key; else nothing ever moves.
        """
        shapes, moves = [], []
        last: int | None = None
        for frame in roll.frames:
            keys = np.flatnonzero(frame)
            if not len(keys):
                shapes.append(_SILENCE)
                moves.append(0)
                continue
            lowest = int(keys[0]) if self._in_any_key else 0
            shapes.append(self._number((keys - lowest).tobytes(), is_learned))
            moves.append(0 if last is None else lowest - last)
            last = lowest
        return np.array(shapes, dtype=np.int64), np.array(moves, dtype=np.int64)

    def _number(self, chord: bytes, is_learned: bool) -> int:
        known = self._numbers
        if chord not in known and is_learned:
            known[chord] = len(known) + 1
        return known.get(chord, _UNKNOWN)


def _joined(parts: Sequence[Numbers]) -> Numbers:
    """One after another, with a step behind each that is like no other."""
    end = np.full(1, _END, dtype=np.int64)
    return np.concatenate([end, *(np.concatenate([part, end]) for part in parts)])[1:]

"""What a piece of music copies: its longest passage that stands in another, note for note."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.midi import PianoRoll

Numbers = NDArray[np.int64]
_SILENCE = 0


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
        self._numbers: dict[tuple[bytes, int], int] = {}
        parts = [self._encoded(roll, is_learned=True) for roll in pieces]
        ends = np.cumsum([len(part[0]) + 1 for part in parts])
        self._piece_ends = ends
        self._shapes = _joined([shapes for shapes, _ in parts])
        self._moves = _joined([moves for _, moves in parts])

    def longest_copy(self, roll: PianoRoll) -> Copy:
        """The first of equals."""
        shapes, moves = self._encoded(roll, is_learned=False)
        running = np.zeros(len(self._shapes) + 1, dtype=np.int64)  # up to the step before each
        best, best_end = 0, None
        for shape, move in zip(shapes.tolist(), moves.tolist(), strict=True):
            is_same = self._shapes == shape
            goes_on = is_same & (self._moves == move) & (running[:-1] > 0)
            begins = is_same & (shape != _SILENCE)
            running[1:] = np.where(goes_on, running[:-1] + 1, begins)
            running[0] = 0
            if shape != _SILENCE and int(running.max()) > best:
                best_end = int(running.argmax()) - 1
                best = int(running[best_end + 1])
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
        key = (chord, len(chord))
        if key not in known and is_learned:
            known[key] = len(known) + 1
        return known.get(key, -2)


def _joined(parts: Sequence[Numbers]) -> Numbers:
    """One after another, with a step behind each that is like no other."""
    end = np.full(1, -1, dtype=np.int64)
    return np.concatenate([end[:0], *(np.concatenate([part, end]) for part in parts)])

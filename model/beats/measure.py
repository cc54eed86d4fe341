"""What is usual in a style, measured from its pieces."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.beats.centring import centred
from model.beats.checkpoint import Style
from model.engine.sequence import FrameLimits
from model.midi import PianoRoll

_RARE = 0.002  # the share of notes at either end of the keyboard that says nothing of a style
_CROWDED = 0.995  # a quantile of the keys that sound at once, and of how long they are held
_ON_THE_GRID = 0.97  # of all changes, so that the others need not be had
_GRIDS = (4, 2)  # steps


def measure_style(name: str, rolls: Sequence[PianoRoll]) -> Style:
    """The tempo and bar of most of its pieces, and limits that nearly all of them keep to once they
    are moved to the key in which they are learned.
    """
    rolls = [centred(roll) for roll in rolls]
    starts, lengths, keys = (np.concatenate(part) for part in zip(*map(_notes, rolls), strict=True))
    at_once = np.concatenate([roll.frames.sum(axis=1) for roll in rolls])
    lowest, highest = np.quantile(keys, [_RARE, 1 - _RARE], method="nearest")
    limits = FrameLimits(
        lowest_key=int(lowest),
        highest_key=int(highest),
        max_keys=_at_least_one(np.quantile(at_once, _CROWDED)),
        max_held=_at_least_one(np.quantile(lengths, _CROWDED)),
        steps_per_change=_grid(np.concatenate([starts, starts + lengths])),
    )
    tempo = float(np.median([roll.tempo for roll in rolls]))
    bars = Counter(roll.beats_per_bar for roll in rolls)
    return Style(name, float(round(tempo)), bars.most_common(1)[0][0], limits)


def _notes(roll: PianoRoll) -> tuple[NDArray[np.int64], ...]:
    """First step, number of steps and key of every note."""
    changes = np.diff(np.pad(roll.frames.astype(np.int8), ((1, 1), (0, 0))), axis=0).T
    keys, starts = np.nonzero(changes == 1)
    _, ends = np.nonzero(changes == -1)
    return starts, ends - starts, keys


def _grid(changes: NDArray[np.int64]) -> int:
    """The coarsest on which nearly all changes fall."""
    return next((size for size in _GRIDS if (changes % size == 0).mean() >= _ON_THE_GRID), 1)


def _at_least_one(value: np.floating) -> int:
    return max(1, int(np.ceil(value)))

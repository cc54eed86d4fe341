"""What is usual in a style, measured from its pieces."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

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
_LOOPS = (2, 4)  # bars
_NEARLY = 0.75  # as much as at the best lag
_LOOPED = 0.4  # of what sounds, so that a style is one of loops
_LOOP_WEIGHT = 3.5  # tried by `python -m model beats evaluate`: bars recur about as in the pieces


def measure_style(name: str, rolls: Sequence[PianoRoll]) -> Style:
    """The tempo and bar of most of its pieces, and limits that nearly all of them keep to once they
    are moved to the key in which they are learned.
    """
    rolls = [centred(roll) for roll in rolls]
    spans = [span for roll in rolls for span in roll.spans]
    starts = np.array([span.start for span in spans])
    ends = np.array([span.end for span in spans])
    at_once = np.concatenate([roll.frames.sum(axis=1) for roll in rolls])
    keys = [span.key for span in spans]
    lowest, highest = np.quantile(keys, [_RARE, 1 - _RARE], method="nearest")
    limits = FrameLimits(
        lowest_key=int(lowest),
        highest_key=int(highest),
        max_keys=_at_least_one(np.quantile(at_once, _CROWDED)),
        max_held=_at_least_one(np.quantile(ends - starts, _CROWDED)),
        steps_per_change=_grid(np.concatenate([starts, ends])),
        **_loop(rolls),
    )
    tempo = float(np.median([roll.tempo for roll in rolls]))
    bars = Counter(roll.beats_per_bar for roll in rolls)
    return Style(name, float(round(tempo)), bars.most_common(1)[0][0], limits)


def _grid(changes: NDArray[np.int64]) -> int:
    """The coarsest on which nearly all changes fall."""
    return next((size for size in _GRIDS if (changes % size == 0).mean() >= _ON_THE_GRID), 1)


def _loop(rolls: Sequence[PianoRoll]) -> dict[str, Any]:
    """The shortest lag at which much of what sounds did so before, if the style is one of loops."""
    shares = {bars: _recurring(rolls, bars) for bars in _LOOPS}
    most = max(shares.values())
    if most < _LOOPED:
        return {}
    shortest = next(bars for bars in _LOOPS if shares[bars] >= _NEARLY * most)
    return {"loop_steps": shortest * rolls[0].steps_per_bar, "loop_weight": _LOOP_WEIGHT}


def _recurring(rolls: Sequence[PianoRoll], num_bars: int) -> float:
    """The Jaccard index of pieces with themselves so many bars later."""
    both = either = 0
    for roll in rolls:
        lag = num_bars * roll.steps_per_bar
        now, before = roll.frames[lag:], roll.frames[: max(0, len(roll) - lag)]
        both += int((now & before).sum())
        either += int((now | before).sum())
    return both / max(1, either)


def _at_least_one(value: np.floating) -> int:
    return max(1, int(np.ceil(value)))

"""How full a piece of music is, and how much of it comes again."""

import numpy as np
from numpy.typing import NDArray

from model.evaluation.harmony import onsets
from model.midi import PianoRoll


def notes_per_bar(roll: PianoRoll) -> float:
    """Notes that are struck, over the bars that the piece lasts."""
    return float(onsets(roll).sum()) * roll.steps_per_bar / max(1, len(roll))


def polyphony(roll: PianoRoll) -> float:
    """How many keys sound at once, on average over the steps at which any does; 0 for silence.

    `polyphony` of MusPy (Dong et al. 2020).
    """
    at_once = roll.frames.sum(axis=1)
    return float(at_once.sum()) / max(1, int((at_once > 0).sum()))


def rest_share(roll: PianoRoll) -> float:
    """The share of steps at which nothing sounds; MusPy's `empty_beat_rate`, by step."""
    return float((~roll.frames.any(axis=1)).mean()) if len(roll) else 0.0


def groove_similarity(roll: PianoRoll) -> float:
    """How alike the rhythms of its bars are, from 0 to 1: the mean over all pairs of bars of the
    share of steps at which notes begin in both or in neither.

    The grooving pattern similarity of Wu & Yang 2020, "The Jazz Transformer on the Front Line". A
    last bar that is not whole does not count; 1 with fewer than two bars.
    """
    rhythms = _bars(np.asarray(onsets(roll).any(axis=1)), roll.steps_per_bar)
    num_bars = len(rhythms)
    if num_bars < 2:
        return 1.0
    alike = (rhythms[:, None] == rhythms[None]).mean(axis=2)
    return float(alike.sum() - num_bars) / (num_bars * (num_bars - 1))


def bar_recurrence(roll: PianoRoll) -> float:
    """How like an earlier bar each bar is, from 0 to 1: the mean, over all bars but the first, of
    the highest Jaccard index of its sounding keys and steps with those of any bar before it.

    A measure of our own: the one above hears rhythm alone. 0 with fewer than two bars.
    """
    bars = _bars(roll.frames, roll.steps_per_bar).reshape(-1, roll.steps_per_bar * 88)
    if len(bars) < 2:
        return 0.0
    counts = bars.astype(np.float64)
    both = counts @ counts.T
    either = counts.sum(1)[:, None] + counts.sum(1)[None] - both
    index = np.where(either > 0, both / np.maximum(either, 1), 1.0)
    return float(np.mean([index[number, :number].max() for number in range(1, len(bars))]))


def _bars(steps: NDArray[np.bool_], steps_per_bar: int) -> NDArray[np.bool_]:
    """Steps (time, …) as whole bars (bars, steps_per_bar, …)."""
    num_bars = len(steps) // steps_per_bar
    whole: NDArray[np.bool_] = steps[: num_bars * steps_per_bar]
    return whole.reshape(num_bars, steps_per_bar, *steps.shape[1:])

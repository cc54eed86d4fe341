"""Whether a piano roll is a piece of music: grave faults refuse it, doubts are for the reviewer."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from bot.config import SubmissionConfig
from bot.errors import BadMusic
from bot.locale import N_
from bot.submissions.findings import Flag, FlagKind
from model.evaluation.harmony import onsets
from model.midi import PianoRoll

_MIN_NOTES = 16
_MIN_DIFFERENT_KEYS = 3
_OCTAVE = 12
_MIN_BARS_TO_COUNT = 8
_OFTEN, _MOSTLY = 0.5, 0.9  # of the bars are one and the same
_CROWDED, _NOISE = 8, 20  # keys at once: more than is usual, more than two hands and a pedal hold
_MOSTLY_SILENT = 0.5  # of the steps
_USUAL_BEATS = (2, 3, 4)
_NUM_BARS_KEPT = 100


def examine(roll: PianoRoll, limits: SubmissionConfig) -> tuple[Flag, ...]:
    """The doubts, by bars counted from 1. Raises BadMusic for what is no piece of music."""
    bars = _bars(roll)
    _refuse_length(len(bars), limits)
    _refuse_few_notes(roll)
    num_keys = roll.frames.sum(axis=1)
    if num_keys[num_keys > 0].mean() > _NOISE:
        raise BadMusic(N_("So many keys sound at once that this is noise. Send a piece of music."))
    crowded = bars.sum(axis=2).max(axis=1) > _CROWDED
    flags = [
        _repeated(bars),
        _flag("crowded", crowded),
        _flag("sparse") if (num_keys == 0).mean() > _MOSTLY_SILENT else None,
        None if roll.beats_per_bar in _USUAL_BEATS else _flag("odd_bars"),
    ]
    return tuple(flag for flag in flags if flag is not None)


_Bars = NDArray[np.bool_]  # (bar, step, key)


def _bars(roll: PianoRoll) -> _Bars:
    """The last one with silence behind it."""
    num_bars = -(-len(roll) // roll.steps_per_bar)
    padded = np.zeros((num_bars * roll.steps_per_bar, roll.frames.shape[1]), dtype=np.bool_)
    padded[: len(roll)] = roll.frames
    return padded.reshape(num_bars, roll.steps_per_bar, -1)


def _flag(kind: FlagKind, is_doubtful: NDArray[np.bool_] | None = None) -> Flag | None:
    if is_doubtful is None:
        return Flag(kind=kind)
    found = tuple(int(place) + 1 for place in np.flatnonzero(is_doubtful)[:_NUM_BARS_KEPT])
    return Flag(kind=kind, lines=found) if found else None


def _refuse_length(num_bars: int, limits: SubmissionConfig) -> None:
    if num_bars < limits.min_bars:
        raise BadMusic(
            N_("This piece has {count} bars, and I learn from {limit} on. Send a longer one."),
            count=num_bars,
            limit=limits.min_bars,
        )
    if num_bars > limits.max_bars:
        raise BadMusic(
            N_("This piece has {count} bars, and I take up to {limit}. Send a part of it."),
            count=num_bars,
            limit=limits.max_bars,
        )


def _refuse_few_notes(roll: PianoRoll) -> None:
    struck = onsets(roll)
    num_notes = int(struck.sum())
    if num_notes < _MIN_NOTES:
        raise BadMusic(
            N_("This piece has {count} notes, and I learn from {limit} on. Send a longer one."),
            count=num_notes,
            limit=_MIN_NOTES,
        )
    names = {int(key) % _OCTAVE for key in np.flatnonzero(struck.any(axis=0))}
    if len(names) < _MIN_DIFFERENT_KEYS:
        raise BadMusic(
            N_("This piece has no more than two different notes. Send one with a melody.")
        )


def _repeated(bars: _Bars) -> Flag | None:
    contents = [bar.tobytes() for bar in bars]
    bar, count = Counter(contents).most_common(1)[0]
    if len(bars) < _MIN_BARS_TO_COUNT or count <= _OFTEN * len(bars):
        return None
    if count > _MOSTLY * len(bars):
        raise BadMusic(
            N_(
                "{percent} % of these bars are one and the same. Send the piece with what repeats"
                " written once."
            ),
            percent=round(100 * count / len(bars)),
        )
    return _flag("repeated_bar", np.array([each == bar for each in contents]))

"""The picture of a beat in words, for those who do not see it."""

import numpy as np

from bot.locale import N_, Sentence, Value
from model.midi.roll import LOWEST_PITCH, PianoRoll
from model.midi.voices import notes_of

_USUAL = N_("Piano roll. Bars: {bars}; notes: {notes}, from {lowest} up to {highest}.")
_GIVEN = N_(
    "Piano roll. Bars: {bars}, of which {given} were given; notes: {notes},"
    " from {lowest} up to {highest}."
)
_SILENT = N_("Piano roll. Bars: {bars}; nothing sounds.")
_NAMES = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")


def describe(roll: PianoRoll, *, num_prime_steps: int = 0) -> Sentence:
    num_bars = _in_bars(len(roll), roll)
    used = np.flatnonzero(roll.frames.any(axis=0))
    if not len(used):
        return Sentence(_SILENT, {"bars": num_bars})
    values: dict[str, Value] = {
        "bars": num_bars,
        "notes": len(notes_of(roll)),
        "lowest": name_of(int(used[0])),
        "highest": name_of(int(used[-1])),
    }
    if num_prime_steps <= 0:
        return Sentence(_USUAL, values)
    return Sentence(_GIVEN, values | {"given": _in_bars(min(num_prime_steps, len(roll)), roll)})


def name_of(key: int) -> str:
    """Such as F♯3; middle C is C4."""
    octave, place = divmod(key + LOWEST_PITCH, len(_NAMES))
    return f"{_NAMES[place]}{octave - 1}"


def _in_bars(num_steps: int, roll: PianoRoll) -> str:
    return f"{round(num_steps / roll.steps_per_bar, 1):g}"

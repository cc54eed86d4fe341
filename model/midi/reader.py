"""MIDI files, whoever sent them, to piano rolls.

They are read by mido (MIT, 55 KB of pure Python: it installs on every Python, and a fault in it is
an exception). symusic is far quicker, but its C++ has brought down the whole process on malformed
files, and these come from strangers. pretty_midi stands on mido, and makes an array with an entry
for each tick, of which a file of 30 bytes can claim billions. What mido leaves open is closed here:
bytes, tracks and endless numbers before it reads (`chunks.py`); messages that it does not know
(`unknown_meta.py`), whatever it raises, and notes (`score.py`); minutes, before there are frames.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from model.errors import MidiError
from model.midi.faults import MidiFault
from model.midi.roll import NUM_KEYS, PianoRoll, Span
from model.midi.score import Score, read_score

MAX_MINUTES = 20
MIN_TEMPO = 10  # beats per minute
MAX_TEMPO = 500
MAX_STEPS_PER_BEAT = 24


def read_midi(data: bytes, *, steps_per_beat: int = 4) -> PianoRoll:
    """The piece in steps of a quarter note's `steps_per_beat`th part.

    All tracks and channels go onto one piano, without channel 10 (drums), keys that a piano does
    not have, and the pedal. Notes begin and end at the nearest step and sound for one at least.
    Tempo and time signature are those that hold for the longest time. The roll is as long as the
    file. Raises MidiError with a sentence for whoever sent it, and ValueError when `steps_per_beat`
    is not in [1, MAX_STEPS_PER_BEAT].
    """
    if not 1 <= steps_per_beat <= MAX_STEPS_PER_BEAT:
        raise ValueError(f"steps_per_beat must be in [1, {MAX_STEPS_PER_BEAT}].")
    score = read_score(data)
    _check(score)
    return PianoRoll(
        _frames(score, steps_per_beat), steps_per_beat, score.beats_per_bar, score.tempo
    )


def _check(score: Score) -> None:
    """Before anything is made whose size depends on what the file claims."""
    if not score.notes:
        raise MidiError(MidiFault.DRUMS_ONLY if score.has_drums else MidiFault.NO_NOTES)
    if not MIN_TEMPO <= score.tempo <= MAX_TEMPO:
        raise MidiError(MidiFault.TEMPO, lowest=MIN_TEMPO, highest=MAX_TEMPO)
    if score.length > MAX_MINUTES * score.tempo * score.ticks_per_beat:
        raise MidiError(MidiFault.TOO_LONG, limit=MAX_MINUTES)


def _frames(score: Score, steps_per_beat: int) -> NDArray[np.bool_]:
    def step(tick: int) -> int:
        return (2 * tick * steps_per_beat + score.ticks_per_beat) // (2 * score.ticks_per_beat)

    spans = [
        Span(note.key, step(note.start), max(step(note.start) + 1, step(note.end)))
        for note in score.notes
    ]
    length = max(step(score.length), max(span.end for span in spans))
    frames = np.zeros((length, NUM_KEYS), dtype=np.bool_)
    for key, of_key in groupby(sorted(spans, key=attrgetter("key", "start")), attrgetter("key")):
        for start, end in apart((span.start, span.end) for span in of_key):
            frames[start:end, key] = True
    return frames


def apart(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The same steps with none of them twice, from spans in the order of their start: thousands of
    notes that lie over one another cost no more than one.
    """
    reached = 0
    for start, end in spans:
        if end > reached:
            yield max(start, reached), end
            reached = end

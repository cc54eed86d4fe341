"""What a MIDI file says, in its own ticks: its notes, and the tempo and bar of most of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO
from itertools import pairwise

import mido

from model.errors import MidiError
from model.midi.chunks import without_frills
from model.midi.faults import MidiFault
from model.midi.roll import LOWEST_PITCH, NUM_KEYS, Span
from model.midi.unknown_meta import make_known

MAX_NOTES = 20_000
MAX_BEATS_PER_BAR = 32  # a time signature beyond it is a mistake, and so left unheeded
MAX_BEATS_UNRELEASED = 4  # how long a key sounds that the file never lets go

_DRUMS = 9  # counted from 0; people call it channel 10
_TEMPO = 500_000  # microseconds per beat, where the file says nothing
_BEATS_PER_BAR = 4


@dataclass(slots=True)
class Score:
    """Everything out of the file that a piano roll needs. Times are in ticks."""

    ticks_per_beat: int
    length: int = 0
    notes: list[Span] = field(default_factory=list)  # which may end as they start
    has_drums: bool = False
    tempos: dict[int, int] = field(default_factory=dict)
    bars: dict[int, int] = field(default_factory=dict)

    @property
    def tempo(self) -> float:
        """Beats per minute, for the most part; infinite where a beat is to last no time."""
        microseconds = _longest(self.tempos, _TEMPO, self.length)
        return round(60_000_000 / microseconds, 2) if microseconds else float("inf")

    @property
    def beats_per_bar(self) -> int:
        """Quarter notes in a bar, for the most part."""
        return _longest(self.bars, _BEATS_PER_BAR, self.length)


def read_score(data: bytes) -> Score:
    """Raises MidiError, and nothing else, whatever the bytes are."""
    midi = _opened(without_frills(data))
    score = Score(midi.ticks_per_beat)
    for track in midi.tracks:
        _Track(score).read(track)
    return score


def _opened(data: bytes) -> mido.MidiFile:
    make_known()
    try:
        return mido.MidiFile(file=BytesIO(data))
    except EOFError as error:
        raise MidiError(MidiFault.CUT_OFF) from error
    except Exception as error:
        # mido checks little: broken contents end in KeyError, IndexError, struct.error and others.
        raise MidiError(MidiFault.CORRUPT) from error


class _Track:
    """Reads one track into a score."""

    def __init__(self, score: Score) -> None:
        self._score = score
        self._now = 0
        self._down: dict[tuple[int, int], int] = {}  # since when, by channel and pitch

    def read(self, messages: mido.MidiTrack) -> None:
        for message in messages:
            self._now += message.time
            match message.type:
                case "note_on" if message.velocity:
                    self._press(message.channel, message.note)
                case "note_on" | "note_off":
                    self._release(message.channel, message.note)
                case "set_tempo":
                    self._score.tempos[self._now] = message.tempo
                case "time_signature":
                    self._set_bar(message.numerator, message.denominator)
        self._release_all()
        self._score.length = max(self._score.length, self._now)

    def _press(self, channel: int, pitch: int) -> None:
        if channel == _DRUMS:
            self._score.has_drums = True
        elif 0 <= pitch - LOWEST_PITCH < NUM_KEYS:
            self._down.setdefault((channel, pitch), self._now)

    def _release(self, channel: int, pitch: int) -> None:
        start = self._down.pop((channel, pitch), None)
        if start is not None:
            self._add(pitch, start, self._now)

    def _release_all(self) -> None:
        longest = MAX_BEATS_UNRELEASED * self._score.ticks_per_beat
        for (_, pitch), start in self._down.items():
            self._add(pitch, start, min(self._now, start + longest))

    def _add(self, pitch: int, start: int, end: int) -> None:
        if len(self._score.notes) == MAX_NOTES:
            raise MidiError(MidiFault.TOO_MANY_NOTES, limit=MAX_NOTES)
        self._score.notes.append(Span(pitch - LOWEST_PITCH, start, end))

    def _set_bar(self, numerator: int, denominator: int) -> None:
        """Bars of 7/8 are no whole number of beats; two of them are, and count as one."""
        beats = Fraction(4 * numerator, denominator).numerator
        if 1 <= beats <= MAX_BEATS_PER_BAR:
            self._score.bars[self._now] = beats


def _longest(changes: dict[int, int], default: int, length: int) -> int:
    """What holds for the longest time. `changes` has the tick at which each value begins."""
    lasting: Counter[int] = Counter()
    for value, start, end in _spans({0: default} | changes, max(length, 1)):
        lasting[value] += end - start
    return lasting.most_common(1)[0][0]


def _spans(changes: dict[int, int], length: int) -> Iterator[tuple[int, int, int]]:
    within = sorted((tick, value) for tick, value in changes.items() if tick < length)
    for (start, value), (end, _) in pairwise([*within, (length, 0)]):
        yield value, start, end

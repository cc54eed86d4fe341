"""Pieces in a manner: a loop of chords with a bass, chords and a lead, in sections that vary.

Nothing is taken from anywhere: every piece follows from its style's odds and its number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple, TypeVar

from benchmarks.beat_corpus.harmony import Key, voiced
from benchmarks.beat_corpus.manners import MANNERS, Manner, Odds
from benchmarks.beat_corpus.sketch import STEPS_PER_BAR, Sketch
from model.midi import PianoRoll

Choice = TypeVar("Choice")

_SECTION_BARS = 4
_FORMS = ("AABA", "AABB", "ABAB", "AAAB", "AABAB", "ABABA", "AABBA", "ABACA", "AABACA", "ABABCB")
_LOOP_BARS = {4: 5.0, 2: 3.0}
_BROKEN_ORDERS = (
    (0, 1, 2, 1),
    (0, 2, 1, 2),
    (2, 1, 0, 1),
    (0, 1, 2, 3),
    (3, 2, 1, 0),
    (0, 2, 1, 3),
)
_BASS_BOTTOM = 28  # E1
_CHANGED = 0.25  # how often a bar's line is played a little differently


class Note(NamedTuple):
    """Of a line: when it begins in its bars, for how many steps it sounds, and what it does."""

    start: int
    length: int
    kind: str
    move: int = 0  # by how many degrees of the scale, from the note before


Line = tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What is played in four bars: the degree of each half bar's chord, and three lines."""

    degrees: tuple[int, ...]
    comping: str
    order: tuple[int, ...]
    chords: Line
    bass: Line
    lead: Line


def compose(style: str, number: int) -> PianoRoll:
    """The piece of that number in a style; the same every time."""
    return _Composer(MANNERS[style], Random(f"{style} {number}")).compose()


class _Composer:
    """Decides once for a piece what holds in all of it, then writes section after section."""

    def __init__(self, manner: Manner, random: Random) -> None:
        self._manner, self._random = manner, random
        self._key = Key(random.randrange(12), self._pick(manner.scales))
        self._num_tones = self._pick(manner.num_tones)
        self._voices: list[int] = []

    def compose(self) -> PianoRoll:
        form = self._random.choice(_FORMS)
        first = self._section()
        sections = {"A": first, "B": self._variant(first), "C": self._variant(first)}
        sketch = Sketch(_SECTION_BARS * len(form))
        last = ""
        for index, letter in enumerate(form):
            has_lead = self._random.random() < self._manner.lead_share + 0.3 * (letter == last)
            self._write(sketch, sections[letter], index * _SECTION_BARS, has_lead)
            last = letter
        return sketch.roll(float(self._random.randint(*self._manner.tempo)))

    def _pick(self, weights: Mapping[Choice, float]) -> Choice:
        return self._random.choices(list(weights), list(weights.values()))[0]

    def _section(self) -> Section:
        manner = self._manner
        loop = self._loop()
        return Section(
            loop * (2 * _SECTION_BARS // len(loop)),
            self._pick(manner.comping),
            self._random.choice(_BROKEN_ORDERS),
            self._line(manner.chord_onsets, manner.chord_hold, 1, {"chord": 1}),
            self._line(manner.bass_onsets, manner.bass_hold, 2, manner.bass_kinds),
            self._lead(),
        )

    def _variant(self, section: Section) -> Section:
        """Another section of the same piece, which keeps about half of what it had."""
        other = self._section()

        def either(mine: Choice, others: Choice) -> Choice:
            return self._random.choice((mine, others))

        has_same_comping = self._random.random() < 0.7
        return Section(
            either(section.degrees, other.degrees),
            section.comping if has_same_comping else other.comping,
            section.order if has_same_comping else other.order,
            section.chords if has_same_comping else other.chords,
            either(section.bass, other.bass),
            either(section.lead, other.lead),
        )

    def _loop(self) -> tuple[int, ...]:
        """Degrees by half bar, of two or four bars."""
        num_bars, per_bar = self._pick(_LOOP_BARS), self._pick(self._manner.chords_per_bar)
        degrees = [0 if self._random.random() < 0.75 else self._random.choice((3, 5))]
        while len(degrees) < num_bars * per_bar:
            degrees.append(self._pick(self._manner.steps_from(self._key.scale, degrees[-1])))
        return tuple(degree for degree in degrees for _ in range(2 // per_bar))

    def _line(self, odds: Odds, hold: int, num_bars: int, kinds: Mapping[str, float]) -> Line:
        """Notes of `num_bars` bars, each held up to the next, or less."""
        steps = range(num_bars * STEPS_PER_BAR)
        starts = [step for step in steps if self._random.random() < odds[step % STEPS_PER_BAR]]
        starts = starts or [0]
        ends = [*starts[1:], len(steps)]
        return tuple(
            Note(start, self._length(end - start, hold), self._pick(kinds) if start else "root")
            for start, end in zip(starts, ends, strict=True)
        )

    def _length(self, room: int, hold: int) -> int:
        return max(1, min(room, hold) - (self._random.random() < 0.3))

    def _lead(self) -> Line:
        """Two bars that leave room: one of three notes that could be there is."""
        manner = self._manner
        thinned = tuple(0.55 * each for each in manner.lead_onsets)
        notes = self._line(thinned, manner.lead_hold, 2, {"tone": 1})
        moves = {-2: 2.0, -1: 4.0, 0: 1.0, 1: 4.0, 2: 2.0, 4: 0.5, -4: 0.5}
        return tuple(note._replace(move=self._pick(moves)) for note in notes)

    def _write(self, sketch: Sketch, section: Section, first_bar: int, has_lead: bool) -> None:
        for bar in range(_SECTION_BARS):
            start = (first_bar + bar) * STEPS_PER_BAR
            degrees = section.degrees[2 * bar : 2 * bar + 2]
            self._write_chords(sketch, section, start, degrees)
            self._write_bass(sketch, section.bass, start, bar % 2, degrees)
        if has_lead:
            start = first_bar * STEPS_PER_BAR
            for half in range(2):
                self._write_lead(sketch, section, start + half * 2 * STEPS_PER_BAR, half)

    def _write_chords(
        self, sketch: Sketch, section: Section, start: int, degrees: Sequence[int]
    ) -> None:
        halves = [self._voicing(degree) for degree in degrees]
        if section.comping == "pad":
            whole = degrees[0] == degrees[1]
            for half, voices in enumerate(halves[: 1 if whole else 2]):
                for pitch in voices:
                    sketch.add(pitch, start + 8 * half, 15 if whole else 7)
            return
        for index, note in enumerate(self._played(section.chords)):
            voices = halves[note.start // 8]
            if section.comping == "broken":
                voices = [voices[section.order[index % len(section.order)] % len(voices)]]
            for pitch in voices:
                sketch.add(pitch, start + note.start, note.length)

    def _voicing(self, degree: int) -> list[int]:
        lowest, highest = self._manner.chord_range
        classes = self._key.chord(degree, self._num_tones)
        if self._num_tones == 5:
            classes = classes[1:]  # the bass has the root
        self._voices = voiced(classes, self._voices or [(lowest + highest) // 2], lowest, highest)
        return self._voices

    def _write_bass(
        self, sketch: Sketch, line: Line, start: int, bar: int, degrees: Sequence[int]
    ) -> None:
        own = tuple(
            note._replace(start=note.start - bar * STEPS_PER_BAR)
            for note in line
            if note.start // STEPS_PER_BAR == bar
        )
        for note in self._played(own):
            degree = degrees[note.start // 8]
            root = _BASS_BOTTOM + (self._key.pitch(degree) - _BASS_BOTTOM) % 12
            fifth = root + (self._key.pitch(degree + 4) - self._key.pitch(degree)) % 12
            beside = root + (self._key.pitch(degree + 1) - self._key.pitch(degree)) % 12
            pitch = {"root": root, "fifth": fifth, "octave": root + 12, "step": beside}[note.kind]
            sketch.add(pitch, start + note.start, note.length)

    def _write_lead(self, sketch: Sketch, section: Section, start: int, half: int) -> None:
        """The motif over two bars; on strong beats it meets the chord. Its second time may end in
        another way.
        """
        lowest, highest = self._manner.lead_range
        scale = [self._key.pitch(degree) % 12 for degree in range(7)]
        pitch = self._key.nearest((lowest + highest) // 2, self._key.chord(section.degrees[0], 3))
        notes = section.lead if half == 0 else self._played(section.lead)
        for note in notes:
            direction = 1 if note.move > 0 else -1
            for _ in range(abs(note.move)):
                pitch = self._key.nearest(pitch + 2 * direction, scale)
            pitch -= 12 * (pitch > highest)
            pitch += 12 * (pitch < lowest)
            degree = section.degrees[half * 4 + note.start // 8]
            if note.start % 4 == 0:
                pitch = self._key.nearest(pitch, self._key.chord(degree, 3))
            sketch.add(pitch, start + note.start, note.length)

    def _played(self, line: Line) -> Line:
        """The line, or, now and then, with a note less or one that moves on elsewhere."""
        if len(line) < 3 or self._random.random() > _CHANGED:
            return line
        index = self._random.randrange(1, len(line))
        if self._random.random() < 0.5:
            return line[:index] + line[index + 1 :]
        changed = line[index]._replace(move=self._random.choice((-2, -1, 1, 2)))
        return (*line[:index], changed, *line[index + 1 :])

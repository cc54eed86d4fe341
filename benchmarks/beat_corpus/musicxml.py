"""As much of MusicXML as four voices of a chorale need: notes, rests, ties and bars."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np

from benchmarks.beat_corpus.sketch import STEPS_PER_BAR, STEPS_PER_BEAT
from model.midi import LOWEST_PITCH, NUM_KEYS, PianoRoll

TEMPO = 84.0  # of a chorale whose file says none

_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


class Score(NamedTuple):
    """A piece, and in how many parts it was written."""

    roll: PianoRoll
    num_parts: int


class _Span(NamedTuple):
    """A note of a part, in quarter notes."""

    pitch: int
    start: Fraction
    end: Fraction


def read_score(text: str) -> Score | None:
    """The piece in common time, from its first whole bar on; None where it has another time.

    What is repeated sounds once. A note that is struck again is held over, as rolls have it.
    """
    root = ElementTree.fromstring(text)  # noqa: S314 - out of a package that pip has checked
    times = {(each.findtext("beats"), each.findtext("beat-type")) for each in root.iter("time")}
    parts = root.findall("part")
    if times != {("4", "4")} or not parts:
        return None
    spans = [span for part in parts for span in _spans(part)]
    pickup = _pickup(parts[0])
    length = max(span.end for span in spans) - pickup
    num_bars = int(-(-length // 4))
    frames = np.zeros((num_bars * STEPS_PER_BAR, NUM_KEYS), dtype=np.bool_)
    for span in spans:
        start, end = (int((each - pickup) * STEPS_PER_BEAT) for each in (span.start, span.end))
        frames[max(0, start) : max(0, end), span.pitch - LOWEST_PITCH] = True
    tempo = next((float(each.get("tempo", TEMPO)) for each in root.iter("sound")), TEMPO)
    return Score(PianoRoll(frames, STEPS_PER_BEAT, tempo=tempo), len(parts))


def _pickup(part: ElementTree.Element) -> Fraction:
    """How much comes before the first whole bar."""
    first = part.find("measure")
    length = Fraction(0) if first is None else _length(first, _divisions(part))
    return length if length < 4 else Fraction(0)


def _divisions(part: ElementTree.Element) -> int:
    return int(part.findtext(".//divisions") or 1)


def _length(measure: ElementTree.Element, divisions: int) -> Fraction:
    notes = [each for each in measure.findall("note") if each.find("chord") is None]
    return sum((_duration(note, divisions) for note in notes), Fraction(0))


def _spans(part: ElementTree.Element) -> Iterator[_Span]:
    divisions, now = _divisions(part), Fraction(0)
    for element in part.iter():
        duration = _duration(element, divisions)
        if element.tag == "note":
            if element.find("chord") is not None:
                now -= duration  # beside the note before it
            pitch = element.find("pitch")
            if pitch is not None:
                yield _Span(_pitch(pitch), now, now + duration)
            now += duration
        elif element.tag == "forward":
            now += duration
        elif element.tag == "backup":
            now -= duration


def _duration(element: ElementTree.Element, divisions: int) -> Fraction:
    return Fraction(int(element.findtext("duration") or 0), divisions)


def _pitch(element: ElementTree.Element) -> int:
    step, octave = element.findtext("step") or "C", int(element.findtext("octave") or 4)
    return 12 * (octave + 1) + _STEPS[step] + int(element.findtext("alter") or 0)

"""The notes of a piano roll, and the part that each plays: melody, bass or between them."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from model.midi.roll import NUM_KEYS, PianoRoll, Span


class Part(StrEnum):
    MELODY = "melody"
    INNER = "inner"
    BASS = "bass"


@dataclass(frozen=True, slots=True)
class Note(Span):
    """A stretch of a roll's steps through which a key sounds, and the part that plays it."""

    part: Part


def notes_of(roll: PianoRoll) -> list[Note]:
    """By key, then by time.

    A roll does not say who plays what, so a note has the part that it has at most of its steps: the
    highest key that sounds is the melody, the lowest is the bass. Where fewer than three sound,
    the highest or lowest counts only on its side of the middle between both lines: a hand that
    plays alone keeps its part. One line alone is a melody.
    """
    is_melody, is_bass = _outer_parts(roll.frames)

    def part_of(span: Span) -> Part:
        steps = slice(span.start, span.end)
        return _part(is_melody[steps, span.key], is_bass[steps, span.key])

    return [Note(span.key, span.start, span.end, part_of(span)) for span in roll.spans]


def _outer_parts(frames: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Like the frames: where a key is the melody, where it is the bass."""
    num_sounding = frames.sum(axis=1)
    highest = NUM_KEYS - 1 - frames[:, ::-1].argmax(axis=1)
    lowest = frames.argmax(axis=1)
    together = num_sounding >= 2
    middle = 0.0
    if together.any():
        middle = float(np.median(highest[together]) + np.median(lowest[together])) / 2
    full = num_sounding >= 3
    steps = np.arange(len(frames))
    is_melody, is_bass = np.zeros_like(frames), np.zeros_like(frames)
    is_melody[steps, highest] = full | (highest >= middle)
    is_bass[steps, lowest] = full | (lowest < middle)
    return is_melody & frames, is_bass & frames


def _part(is_melody: NDArray[np.bool_], is_bass: NDArray[np.bool_]) -> Part:
    num_steps = {Part.MELODY: int(is_melody.sum()), Part.BASS: int(is_bass.sum())}
    num_steps[Part.INNER] = len(is_melody) - sum(num_steps.values())
    return max(num_steps, key=num_steps.__getitem__)

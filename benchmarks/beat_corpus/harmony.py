"""Scales, chords in them, and voices that move from chord to chord by small steps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
}
_STEP_WEIGHT = 0.15  # of how wide a voicing is, beside how far its voices move


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic, MIDI's number of it in any octave, and a scale. Degrees count from 0."""

    tonic: int
    scale: str

    def pitch(self, degree: int, octave: int = 0) -> int:
        """The pitch of a degree, which may lie beyond the scale's seven, up or down."""
        octaves, step = divmod(degree, 7)
        return self.tonic + SCALES[self.scale][step] + 12 * (octave + octaves)

    def chord(self, degree: int, num_tones: int) -> list[int]:
        """Pitch classes of the thirds stacked on a degree."""
        return [self.pitch(degree + 2 * each) % 12 for each in range(num_tones)]

    def nearest(self, pitch: int, classes: Sequence[int]) -> int:
        """The pitch closest to `pitch` that is in one of the pitch classes."""
        return min(
            (pitch + shift for shift in range(-6, 7) if (pitch + shift) % 12 in classes),
            key=lambda each: (abs(each - pitch), each),
        )


def voiced(classes: Sequence[int], before: Sequence[int], lowest: int, highest: int) -> list[int]:
    """Pitches of a chord within the range, one for each class, as near as can be to `before`."""
    options = [[p for p in range(lowest, highest + 1) if p % 12 == each] for each in classes]

    def cost(chosen: Iterable[int]) -> float:
        pitches = list(chosen)
        apart = len(set(pitches)) < len(pitches)
        moved = sum(min(abs(pitch - other) for other in before) for pitch in pitches)
        return moved + _STEP_WEIGHT * (max(pitches) - min(pitches)) + 100 * apart

    return sorted(min(product(*options), key=cost))

"""What each written style leaves to chance, and with which odds. A bar has sixteen steps."""

from collections.abc import Mapping
from dataclasses import dataclass

Odds = tuple[float, ...]
Weights = Mapping[str, float]

# How likely the next chord is, by the degree of the one before; degrees count from 0.
MINOR_STEPS = {
    0: {5: 4, 3: 3, 6: 3, 2: 1, 4: 2},
    1: {4: 3, 0: 2, 6: 1},
    2: {5: 3, 3: 2, 6: 1},
    3: {0: 2, 4: 3, 6: 3, 5: 1},
    4: {0: 4, 5: 2, 3: 1},
    5: {6: 3, 3: 3, 4: 2, 2: 1, 0: 1},
    6: {0: 4, 2: 2, 5: 2, 3: 1},
}
MAJOR_STEPS = {
    0: {5: 3, 3: 3, 1: 3, 2: 2, 4: 1},
    1: {4: 5, 2: 1, 3: 1},
    2: {5: 4, 3: 2, 1: 1},
    3: {4: 2, 2: 2, 1: 2, 0: 2},
    4: {0: 3, 5: 2, 2: 1},
    5: {1: 4, 3: 2, 4: 1, 2: 1},
    6: {2: 2, 0: 2},
}
_MAJOR = ("major", "mixolydian")


@dataclass(frozen=True, slots=True)
class Manner:
    """A style: its tempo, harmony and the rhythm of its three parts.

    The three `…_onsets` say how likely a note begins at each step of a bar, and the `…_hold` for
    how many steps it sounds at most. `comping` is how the chords are played.
    """

    name: str
    tempo: tuple[int, int]
    scales: Weights
    num_tones: Mapping[int, float]
    comping: Weights
    chord_onsets: Odds
    chord_hold: int
    chord_range: tuple[int, int]
    bass_onsets: Odds
    bass_hold: int
    bass_kinds: Weights
    lead_onsets: Odds
    lead_hold: int
    lead_range: tuple[int, int]
    lead_share: float
    chords_per_bar: Mapping[int, float]

    def steps_from(self, scale: str, degree: int) -> Mapping[int, float]:
        """How likely each degree follows `degree`."""
        return (MAJOR_STEPS if scale in _MAJOR else MINOR_STEPS)[degree]


BOOMBAP = Manner(
    name="boombap",
    tempo=(84, 98),
    scales={"minor": 5, "dorian": 4, "harmonic minor": 1},
    num_tones={3: 2, 4: 5},
    comping={"stabs": 5, "pad": 2, "broken": 3},
    chord_onsets=(0.7, 0.05, 0.2, 0.4, 0.3, 0.05, 0.5, 0.2, 0.3, 0.1, 0.5, 0.2, 0.4, 0.1, 0.4, 0.1),
    chord_hold=3,
    chord_range=(52, 71),
    bass_onsets=(1, 0.05, 0.15, 0.4, 0.05, 0.1, 0.45, 0.3, 0.5, 0.1, 0.5, 0.3, 0.1, 0.15, 0.4, 0.2),
    bass_hold=4,
    bass_kinds={"root": 6, "fifth": 2, "octave": 2, "step": 1},
    lead_onsets=(0.3, 0.1, 0.4, 0.3, 0.4, 0.1, 0.5, 0.2, 0.4, 0.1, 0.5, 0.3, 0.3, 0.1, 0.4, 0.1),
    lead_hold=4,
    lead_range=(69, 86),
    lead_share=0.7,
    chords_per_bar={1: 3, 2: 2},
)
TRAP = Manner(
    name="trap",
    tempo=(132, 150),
    scales={"minor": 5, "harmonic minor": 3, "phrygian": 3},
    num_tones={3: 5, 4: 1},
    comping={"broken": 6, "pad": 2, "stabs": 1},
    chord_onsets=(0.8, 0.1, 0.5, 0.4, 0.6, 0.1, 0.6, 0.4, 0.6, 0.1, 0.6, 0.4, 0.6, 0.1, 0.6, 0.3),
    chord_hold=4,
    chord_range=(57, 76),
    bass_onsets=(1, 0, 0.05, 0.25, 0.05, 0, 0.4, 0.1, 0.15, 0, 0.5, 0.3, 0.05, 0, 0.3, 0.15),
    bass_hold=8,
    bass_kinds={"root": 8, "octave": 2, "fifth": 1},
    lead_onsets=(0.5, 0.1, 0.4, 0.3, 0.4, 0.1, 0.5, 0.3, 0.4, 0.1, 0.4, 0.3, 0.5, 0.2, 0.4, 0.2),
    lead_hold=6,
    lead_range=(74, 91),
    lead_share=0.55,
    chords_per_bar={1: 5, 2: 1},
)
LOFI = Manner(
    name="lofi",
    tempo=(70, 84),
    scales={"major": 5, "dorian": 3, "minor": 2, "mixolydian": 2},
    num_tones={4: 4, 5: 5},
    comping={"pad": 5, "stabs": 3, "broken": 3},
    chord_onsets=(0.9, 0, 0.1, 0.4, 0.1, 0, 0.5, 0.1, 0.4, 0, 0.4, 0.3, 0.2, 0, 0.3, 0.1),
    chord_hold=6,
    chord_range=(50, 70),
    bass_onsets=(1, 0, 0.05, 0.2, 0.05, 0, 0.4, 0.15, 0.6, 0, 0.25, 0.3, 0.1, 0, 0.4, 0.05),
    bass_hold=7,
    bass_kinds={"root": 6, "fifth": 3, "octave": 1, "step": 1},
    lead_onsets=(0.3, 0, 0.4, 0.1, 0.4, 0, 0.5, 0.2, 0.3, 0, 0.5, 0.1, 0.4, 0.1, 0.3, 0.1),
    lead_hold=6,
    lead_range=(69, 86),
    lead_share=0.6,
    chords_per_bar={1: 3, 2: 2},
)
MANNERS = {manner.name: manner for manner in (BOOMBAP, TRAP, LOFI)}

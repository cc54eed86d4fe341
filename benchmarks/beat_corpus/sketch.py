"""A piece in the making: notes put onto a roll."""

import numpy as np

from model.midi import LOWEST_PITCH, NUM_KEYS, PianoRoll

STEPS_PER_BEAT = 4
STEPS_PER_BAR = 16


class Sketch:
    """Frames that fill up with notes, by MIDI's numbers of their pitches."""

    def __init__(self, num_bars: int) -> None:
        self._frames = np.zeros((num_bars * STEPS_PER_BAR, NUM_KEYS), dtype=np.bool_)

    def add(self, pitch: int, start: int, length: int) -> None:
        """A note, as far as the piece lasts.

        Where its key sounds up to there, it lets go a step earlier: else nobody hears it struck.
        """
        key = pitch - LOWEST_PITCH
        self._frames[max(0, start - 1) : start, key] = False
        self._frames[start : start + length, key] = True

    def roll(self, tempo: float) -> PianoRoll:
        """What has been put down so far."""
        return PianoRoll(self._frames.copy(), STEPS_PER_BEAT, tempo=tempo)

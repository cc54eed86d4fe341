"""Piano rolls, and the files that people keep music in."""

from model.midi.roll import LOWEST_PITCH, NUM_KEYS, PianoRoll

__all__ = ["LOWEST_PITCH", "NUM_KEYS", "PianoRoll"]

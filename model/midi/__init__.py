"""Piano rolls, and the files that people keep music in."""

from model.midi.chunks import MAX_BYTES
from model.midi.faults import MidiFault
from model.midi.reader import read_midi
from model.midi.roll import LOWEST_PITCH, NUM_KEYS, PianoRoll
from model.midi.writer import write_midi

__all__ = [
    "LOWEST_PITCH",
    "MAX_BYTES",
    "NUM_KEYS",
    "MidiFault",
    "PianoRoll",
    "read_midi",
    "write_midi",
]

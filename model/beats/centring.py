"""Pieces moved to where a model learns them: onto the white keys, C major or A minor.

A network that knows each key of a piano by itself would have to learn everything twelve times. So
pieces are moved as they are read, and beats are moved to any key as they are written.
"""

from dataclasses import replace

import numpy as np

from model.evaluation.harmony import find_key
from model.midi import NUM_KEYS, PianoRoll

_C, _A = 0, 9
_MOST_DOWN = 5  # semitones; the rest of an octave is up


def shift_to_centre(roll: PianoRoll) -> int:
    """By how many semitones to move a piece so that its tonic is C, or A in minor: the nearest that
    leaves it on the keyboard.
    """
    key = find_key(roll)
    shift = ((_C if key.is_major else _A) - key.tonic + _MOST_DOWN) % 12 - _MOST_DOWN
    keys = np.flatnonzero(roll.frames.any(axis=0))
    if len(keys) and keys[0] + shift < 0:
        shift += 12
    if len(keys) and keys[-1] + shift >= NUM_KEYS:
        shift -= 12
    return shift if not len(keys) or keys[0] + shift >= 0 else 0


def centred(roll: PianoRoll) -> PianoRoll:
    """The same piece on the white keys, as far as it is in its key."""
    return replace(roll, frames=np.roll(roll.frames, shift_to_centre(roll), axis=1))

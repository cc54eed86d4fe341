"""Pieces moved to one key: the same whatever key they were in, and never off the keyboard."""

import numpy as np
import pytest

from model.beats.centring import centred, shift_to_centre
from model.evaluation.harmony import find_key
from model.midi import NUM_KEYS, PianoRoll
from tests.factories import march

HERE = march()


@pytest.mark.parametrize("shift", range(-12, 13))
def test_a_piece_comes_to_the_same_key_from_any(shift: int) -> None:
    moved = PianoRoll(np.roll(HERE.frames, shift, axis=1))
    tonic, is_major = find_key(centred(moved))
    assert tonic == (0 if is_major else 9)
    assert -5 <= shift_to_centre(moved) <= 6


def test_at_the_ends_of_the_keyboard_it_moves_the_other_way() -> None:
    for key in (0, 1, NUM_KEYS - 2, NUM_KEYS - 1):
        frames = np.zeros((16, NUM_KEYS), dtype=np.bool_)
        frames[:, key] = True
        found = centred(PianoRoll(frames)).frames[0].nonzero()[0]
        assert len(found) == 1
        assert abs(int(found[0]) - key) < 12


def test_silence_stays_silence() -> None:
    silence = PianoRoll(np.zeros((8, NUM_KEYS), dtype=np.bool_))
    assert not centred(silence).frames.any()

"""The words for the picture name what is in it."""

import numpy as np
import pytest

from bot.rendering.description import describe, name_of
from model.midi.roll import NUM_KEYS, PianoRoll


@pytest.mark.parametrize(("key", "name"), [(0, "A0"), (39, "C4"), (40, "C♯4"), (87, "C8")])
def test_keys_have_the_names_of_notes(key: int, name: str) -> None:
    assert name_of(key) == name


def test_it_tells_length_notes_range_and_what_was_given() -> None:
    frames = np.zeros((40, NUM_KEYS), np.bool_)
    frames[:8, 39] = frames[10:20, 39] = frames[:4, 87] = True
    roll = PianoRoll(frames)
    assert str(describe(roll)) == "Piano roll. Bars: 2.5; notes: 3, from C4 up to C8."
    assert "of which 1 were given" in str(describe(roll, num_prime_steps=16))


def test_silence_is_told_as_such() -> None:
    roll = PianoRoll(np.zeros((16, NUM_KEYS), np.bool_))
    assert str(describe(roll)) == "Piano roll. Bars: 1; nothing sounds."

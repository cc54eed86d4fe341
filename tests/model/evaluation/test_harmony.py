"""Pitch classes and keys: known pieces have known figures, whatever key they are moved to."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from model.evaluation.harmony import Key, find_key, pitch_class_entropy, share_in_key
from model.midi import LOWEST_PITCH, NUM_KEYS, PianoRoll

C4 = 60 - LOWEST_PITCH


def _melody(steps: Sequence[int], length: int = 4) -> PianoRoll:
    """Notes one after another, in semitones above middle C."""
    frames = np.zeros((length * len(steps), NUM_KEYS), dtype=np.bool_)
    for number, step in enumerate(steps):
        frames[length * number : length * number + length - 1, C4 + step] = True
    return PianoRoll(frames)


def test_entropy_is_that_of_the_notes_not_of_their_lengths_or_octaves() -> None:
    assert pitch_class_entropy(_melody([0, 12, -12])) == 0
    assert pitch_class_entropy(_melody([0, 7, 12, 19])) == pytest.approx(1)
    assert pitch_class_entropy(_melody(range(12))) == pytest.approx(math.log2(12))
    long_first = _melody([0, 7])
    long_first.frames[5:] = False
    assert pitch_class_entropy(long_first) == pytest.approx(1)
    assert pitch_class_entropy(_melody([])) == 0


@pytest.mark.parametrize("tonic", range(12))
def test_a_scale_around_its_tonic_is_in_its_key(tonic: int) -> None:
    major = [0, 2, 4, 5, 7, 9, 11, 12, 7, 4, 0]
    minor = [0, 2, 3, 5, 7, 8, 11, 12, 7, 3, 0]
    assert find_key(_melody([tonic + each for each in major])) == Key(tonic, True)
    assert find_key(_melody([tonic + each for each in minor])) == Key(tonic, False)


def test_the_share_in_key_falls_with_each_note_that_is_not() -> None:
    major = [0, 2, 4, 5, 7, 9, 11, 12, 7, 4, 0]
    assert share_in_key(_melody(major)) == 1
    assert share_in_key(_melody([*major, 6])) == pytest.approx(11 / 12)
    assert share_in_key(_melody([])) == 1


def test_noise_is_less_in_key_than_music() -> None:
    random = np.random.default_rng(0).random((64, NUM_KEYS)) < 0.1
    assert share_in_key(PianoRoll(random)) < 0.75

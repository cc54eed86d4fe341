"""How full pieces are and how much comes again: known pieces have known figures."""

from dataclasses import replace

import numpy as np
import pytest

from model.evaluation.texture import (
    bar_recurrence,
    groove_similarity,
    notes_per_bar,
    polyphony,
    rest_share,
)
from model.midi import NUM_KEYS, PianoRoll
from tests.factories import march


def test_notes_are_counted_when_they_are_struck() -> None:
    assert notes_per_bar(march()) == 4 + 3
    held = np.zeros((32, NUM_KEYS), dtype=np.bool_)
    held[:, 40] = True
    assert notes_per_bar(PianoRoll(held)) == 0.5


def test_polyphony_counts_no_rests() -> None:
    frames = np.zeros((32, NUM_KEYS), dtype=np.bool_)
    frames[:8, 40] = True
    frames[4:8, [44, 47]] = True
    assert polyphony(PianoRoll(frames)) == 2
    assert rest_share(PianoRoll(frames)) == 0.75


def test_bars_of_one_rhythm_are_alike_and_others_by_how_much_they_share() -> None:
    assert groove_similarity(march()) == 1
    assert groove_similarity(march(num_bars=1)) == 1
    other = march(num_bars=2)
    other.frames[16:] = False
    other.frames[20:24, 40] = True
    # The first bar begins notes at 0, 2, 4, 8 and 12, the second at 4.
    assert groove_similarity(other) == pytest.approx(12 / 16)


def test_a_loop_recurs_and_what_never_comes_again_does_not() -> None:
    bar = march(num_bars=1).frames
    loop = PianoRoll(np.concatenate([bar, bar, bar]))
    assert bar_recurrence(loop) == 1
    apart = PianoRoll(np.concatenate([bar, np.roll(bar, 1, axis=1), np.roll(bar, 2, axis=1)]))
    assert bar_recurrence(apart) == 0
    # A last bar that is not whole does not count.
    assert bar_recurrence(replace(loop, frames=loop.frames[:40])) == 1


def test_silence_has_figures_too() -> None:
    silence = PianoRoll(np.zeros((32, NUM_KEYS), dtype=np.bool_))
    assert (notes_per_bar(silence), polyphony(silence), rest_share(silence)) == (0, 0, 1)

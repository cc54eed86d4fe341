"""Piano rolls: frames, and the same as one number a frame."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.midi import NUM_KEYS, PianoRoll
from model.midi.roll import chord_of, keys_of

CHORDS = st.lists(st.integers(0, 2**NUM_KEYS - 1), max_size=20)


@given(CHORDS)
def test_spans_are_the_frames_in_order_and_none_follows_another_without_a_pause(
    chords: list[int],
) -> None:
    roll = PianoRoll.of_chords(chords)
    again = np.zeros_like(roll.frames)
    for span in roll.spans:
        assert not again[max(span.start - 1, 0) : span.end + 1, span.key].any()
        again[span.start : span.end, span.key] = True
    assert np.array_equal(again, roll.frames)
    assert roll.spans == sorted(roll.spans, key=lambda span: (span.key, span.start))


@given(CHORDS)
def test_chords_and_frames_say_the_same(chords: list[int]) -> None:
    roll = PianoRoll.of_chords(chords)
    assert roll.chords == tuple(chords)
    assert np.array_equal(PianoRoll.of_chords(roll.chords).frames, roll.frames)


def test_a_chord_is_its_keys_whatever_their_order() -> None:
    assert keys_of(chord_of([40, 3, 40, 87])) == [3, 40, 87]


def test_it_plays_as_long_as_its_tempo_says() -> None:
    roll = PianoRoll.of_chords([0] * 32, steps_per_beat=4, tempo=120)
    assert roll.seconds == pytest.approx(4.0)
    assert roll.steps_per_bar == 16


@pytest.mark.parametrize(
    "frames", [np.zeros((4, 12), dtype=np.bool_), np.zeros(88, np.bool_), np.zeros((4, 88))]
)
def test_other_shapes_and_kinds_are_refused(frames: np.ndarray) -> None:
    with pytest.raises(ValueError, match="frames must be"):
        PianoRoll(frames)

"""Pieces written for the corpus: in their ranges, all different, the same every time."""

import numpy as np
import pytest

from benchmarks.beat_corpus.composer import compose
from benchmarks.beat_corpus.harmony import Key, voiced
from benchmarks.beat_corpus.manners import MANNERS
from model.evaluation.harmony import find_key
from model.midi import LOWEST_PITCH
from model.midi.voices import notes_of

STYLES = sorted(MANNERS)


@pytest.mark.parametrize("style", STYLES)
def test_a_number_is_a_piece_and_another_number_another(style: str) -> None:
    first, again, other = compose(style, 3), compose(style, 3), compose(style, 4)
    assert np.array_equal(first.frames, again.frames)
    assert first.frames.shape != other.frames.shape or (first.frames != other.frames).any()


@pytest.mark.parametrize("style", STYLES)
def test_pieces_are_whole_bars_with_a_bass_and_no_note_that_stays(style: str) -> None:
    manner = MANNERS[style]
    for number in range(8):
        roll = compose(style, number)
        assert len(roll) % (4 * roll.steps_per_bar) == 0
        assert manner.tempo[0] <= roll.tempo <= manner.tempo[1]
        assert roll.frames[0].any()
        notes = notes_of(roll)
        assert max(note.end - note.start for note in notes) < 2 * roll.steps_per_bar
        assert max(note.key for note in notes) + LOWEST_PITCH <= manner.lead_range[1] + 6
        assert min(note.key for note in notes) + LOWEST_PITCH < manner.chord_range[0]


def test_pieces_are_in_many_keys() -> None:
    assert len({find_key(compose("lofi", number)).tonic for number in range(24)}) > 8


def test_voices_move_as_little_as_they_can() -> None:
    tonic, dominant = Key(0, "major").chord(0, 3), Key(0, "major").chord(4, 3)
    before = voiced(tonic, [60, 64, 67], 55, 76)
    assert before == [60, 64, 67]
    assert voiced(dominant, before, 55, 76) == [59, 62, 67]

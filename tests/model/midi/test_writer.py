"""Piano rolls to MIDI files and back, and how they are played."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.midi import NUM_KEYS, PianoRoll, read_midi, write_midi
from model.midi.writer import strikes
from tests.model.midi.rolls import rolls


@given(rolls())
def test_what_was_written_is_read_again_as_it_was(roll: PianoRoll) -> None:
    read = read_midi(write_midi(roll), steps_per_beat=roll.steps_per_beat)
    assert np.array_equal(read.frames, roll.frames)
    assert read.steps_per_beat == roll.steps_per_beat
    assert read.beats_per_bar == roll.beats_per_bar
    assert read.tempo == pytest.approx(roll.tempo, abs=0.005)


@given(rolls())
def test_strikes_cover_the_frames_once(roll: PianoRoll) -> None:
    struck = np.zeros(roll.frames.shape, dtype=np.int64)
    for each in strikes(roll):
        assert each.start < each.end
        assert 1 <= each.velocity <= 127
        struck[each.start : each.end, each.key] += 1
    assert np.array_equal(struck, roll.frames)


@given(rolls())
def test_no_strike_outlasts_a_bar_and_what_leads_to_its_line(roll: PianoRoll) -> None:
    assert all(each.end - each.start < 2 * roll.steps_per_bar for each in strikes(roll))


def held(start: int, end: int, length: int = 80) -> list[int]:
    frames = np.zeros((length, NUM_KEYS), dtype=np.bool_)
    frames[start:end, 40] = True
    return [each.start for each in strikes(PianoRoll(frames))]


def test_a_held_key_is_struck_again_at_a_bar_line_after_a_whole_bar() -> None:
    assert held(0, 16) == [0]
    assert held(0, 17) == [0, 16]
    assert held(3, 32) == [3]
    assert held(3, 70) == [3, 32, 48, 64]


def test_the_melody_and_the_beats_are_louder() -> None:
    chord = 1 << 30 | 1 << 50
    roll = PianoRoll.of_chords([chord, 0, chord, 0, chord, 0])
    velocity = {(each.start, each.key): each.velocity for each in strikes(roll)}
    assert velocity[0, 50] > velocity[4, 50] > velocity[2, 50] > velocity[2, 30]
    assert velocity[0, 30] > velocity[4, 30] > velocity[2, 30]


@pytest.mark.parametrize("name", ["Kettle Jones", "小夜曲", "\ud800", "x" * 500, ""])
def test_any_name_can_be_written(name: str) -> None:
    data = write_midi(PianoRoll.of_chords([1]), name=name)
    assert read_midi(data).chords == (1,)
    shown = name[:100].encode(errors="replace")
    assert shown in data


@pytest.mark.parametrize(
    "roll",
    [
        PianoRoll.of_chords([1], tempo=1),
        PianoRoll.of_chords([1], beats_per_bar=256),
        PianoRoll.of_chords([1], steps_per_beat=40_000),
    ],
)
def test_what_midi_has_no_number_for_is_refused(roll: PianoRoll) -> None:
    with pytest.raises(ValueError, match=r"."):
        write_midi(roll)


@given(st.integers(0, 3))
def test_silence_can_be_written(length: int) -> None:
    assert write_midi(PianoRoll.of_chords([0] * length)).startswith(b"MThd")

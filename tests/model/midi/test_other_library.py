"""A library that shares no code with ours reads what we write, and we what it writes."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from symusic import Score

from model.midi import LOWEST_PITCH, PianoRoll, read_midi, write_midi
from model.midi.writer import PIANO, strikes
from tests.model.midi.rolls import rolls


def read(roll: PianoRoll) -> Any:
    return Score.from_midi(write_midi(roll, name="小夜曲"))


@given(rolls())
def test_symusic_reads_the_notes_that_we_struck(roll: PianoRoll) -> None:
    score = read(roll)
    (track,) = score.tracks
    step = score.ticks_per_quarter // roll.steps_per_beat
    played = sorted((note.start, note.end, note.pitch, note.velocity) for note in track.notes)
    assert played == sorted(
        (each.start * step, each.end * step, each.key + LOWEST_PITCH, each.velocity)
        for each in strikes(roll)
    )


@given(rolls())
def test_symusic_reads_tempo_bar_name_and_instrument(roll: PianoRoll) -> None:
    score = read(roll)
    (tempo,), (bar,), (track,) = score.tempos, score.time_signatures, score.tracks
    assert abs(tempo.qpm - roll.tempo) < 0.01
    assert (bar.numerator, bar.denominator) == (roll.beats_per_bar, 4)
    assert (track.name, track.program, track.is_drum) == ("小夜曲", PIANO, False)


@given(rolls())
def test_we_read_what_symusic_writes(roll: PianoRoll) -> None:
    again = read_midi(read(roll).dumps_midi(), steps_per_beat=roll.steps_per_beat)
    assert np.array_equal(np.argwhere(again.frames), np.argwhere(roll.frames))
    assert again.tempo == pytest.approx(roll.tempo, abs=0.01)
    assert again.beats_per_bar == roll.beats_per_bar

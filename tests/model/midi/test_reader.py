"""MIDI files to piano rolls: what is taken from them."""

from collections.abc import Iterable
from io import BytesIO
from itertools import pairwise

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.midi import PianoRoll, read_midi
from model.midi.reader import MAX_STEPS_PER_BEAT, apart
from model.midi.roll import keys_of

TICKS = 480
C4 = 60 - 21
Event = tuple[int, mido.Message | mido.MetaMessage]


def midi(*tracks: Iterable[Event], kind: int = 1, ticks_per_beat: int = TICKS) -> bytes:
    """A file of tracks whose messages stand beside their time in ticks from the start."""
    file = mido.MidiFile(type=kind, ticks_per_beat=ticks_per_beat)
    for events in tracks:
        ordered = [(0, None), *sorted(events, key=lambda event: event[0])]
        messages = [
            message.copy(time=now - before)
            for (before, _), (now, message) in pairwise(ordered)
            if message
        ]
        file.tracks.append(mido.MidiTrack(messages))
    written = BytesIO()
    file.save(file=written)
    return written.getvalue()


def note(pitch: int, start: int, end: int, *, channel: int = 0) -> list[Event]:
    return [
        (start, mido.Message("note_on", note=pitch, velocity=80, channel=channel)),
        (end, mido.Message("note_off", note=pitch, channel=channel)),
    ]


def meta(at: int, kind: str, **values: int) -> Event:
    return at, mido.MetaMessage(kind, **values)


def keys(roll: PianoRoll) -> list[list[int]]:
    return [keys_of(chord) for chord in roll.chords]


def test_all_tracks_and_channels_sound_together() -> None:
    data = midi(note(60, 0, 240), note(64, 120, 360), note(67, 0, 120, channel=3))
    assert keys(read_midi(data)) == [[C4, C4 + 7], [C4, C4 + 4], [C4 + 4]]


def test_a_note_goes_to_the_nearest_step_and_never_vanishes() -> None:
    data = midi(note(60, 59, 61), note(64, 61, 62), note(67, 200, 200))
    assert keys(read_midi(data)) == [[C4], [C4 + 4], [C4 + 7]]


@pytest.mark.parametrize(("steps_per_beat", "length"), [(1, 2), (2, 4), (3, 6), (24, 48)])
def test_the_step_is_chosen_by_who_reads(steps_per_beat: int, length: int) -> None:
    roll = read_midi(midi(note(60, 0, 2 * TICKS)), steps_per_beat=steps_per_beat)
    assert roll.steps_per_beat == steps_per_beat
    assert keys(roll) == [[C4]] * length


@pytest.mark.parametrize("steps_per_beat", [0, -4, MAX_STEPS_PER_BEAT + 1])
def test_an_impossible_step_is_the_callers_mistake(steps_per_beat: int) -> None:
    with pytest.raises(ValueError, match="steps_per_beat"):
        read_midi(midi(note(60, 0, TICKS)), steps_per_beat=steps_per_beat)


def test_drums_and_keys_that_no_piano_has_are_left_out() -> None:
    data = midi(note(60, 0, 120), note(36, 0, 120, channel=9), note(20, 0, 120), note(109, 0, 120))
    assert keys(read_midi(data)) == [[C4]]


def test_a_note_on_without_velocity_lets_go() -> None:
    events = [note(60, 0, 0)[0], (240, mido.Message("note_on", note=60, velocity=0))]
    assert keys(read_midi(midi(events))) == [[C4], [C4]]


def test_a_key_struck_while_it_is_down_sounds_on_until_it_is_let_go() -> None:
    assert keys(read_midi(midi([*note(60, 0, 480), note(60, 240, 0)[0]]))) == [[C4]] * 4


def test_a_key_that_is_never_let_go_sounds_for_four_beats_at_most() -> None:
    silence = meta(8 * TICKS, "end_of_track")
    roll = read_midi(midi([note(60, 0, 0)[0], silence]))
    assert keys(roll) == [[C4]] * 16 + [[]] * 16


def test_silence_before_and_after_belongs_to_the_piece() -> None:
    data = midi([*note(60, 240, 360), meta(720, "end_of_track")])
    assert keys(read_midi(data)) == [[], [], [C4], [], [], []]


def test_without_a_word_on_it_the_tempo_is_120_and_the_bar_has_four_beats() -> None:
    roll = read_midi(midi(note(60, 0, TICKS)))
    assert (roll.tempo, roll.beats_per_bar) == (120, 4)


def test_tempo_and_bar_are_those_of_most_of_the_piece() -> None:
    tempos = [meta(0, "set_tempo", tempo=1_000_000), meta(4 * TICKS, "set_tempo", tempo=600_000)]
    bars = [
        meta(0, "time_signature", numerator=3, denominator=4),
        meta(9 * TICKS, "time_signature", numerator=4, denominator=4),
    ]
    roll = read_midi(midi(tempos, bars, note(60, 0, 10 * TICKS)))
    assert (roll.tempo, roll.beats_per_bar) == (100, 3)


@pytest.mark.parametrize(
    ("numerator", "denominator", "beats"),
    [(6, 8, 3), (2, 2, 4), (7, 8, 7), (3, 8, 3), (4, 4, 4), (0, 4, 4), (255, 1, 4), (1, 128, 1)],
)
def test_a_bar_is_a_whole_number_of_beats(numerator: int, denominator: int, beats: int) -> None:
    bar = meta(0, "time_signature", numerator=numerator, denominator=denominator)
    assert read_midi(midi([bar, *note(60, 0, TICKS)])).beats_per_bar == beats


def test_messages_without_a_name_do_not_move_the_notes_after_them() -> None:
    program_name = b"\x81\x70\xff\x08\x05Piano"  # 240 ticks later
    track = program_name + b"\x00\x90\x3c\x50\x78\x80\x3c\x00\x00\xff\x2f\x00"
    data = midi(note(60, 0, 1))
    header, _, _ = data.partition(b"MTrk")
    data = header + b"MTrk" + len(track).to_bytes(4, "big") + track
    assert keys(read_midi(data)) == [[], [], [C4]]


def test_chunks_of_other_programs_are_passed_over() -> None:
    header, mark, track = midi(note(60, 0, 120)).partition(b"MTrk")
    data = header + b"XFIH\x00\x00\x00\x03abc" + mark + track + b"tail"
    assert keys(read_midi(data)) == [[C4]]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)).map(sorted).map(tuple)))
def test_overlapping_notes_are_written_once(spans: list[tuple[int, int]]) -> None:
    steps = {step for start, end in spans for step in range(start, end)}
    written = [step for start, end in apart(sorted(spans)) for step in range(start, end)]
    assert sorted(written) == sorted(steps)

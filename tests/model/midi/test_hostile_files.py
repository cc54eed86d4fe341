"""MIDI files from strangers: a roll or one sentence, never more than a bounded amount of work."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import mido
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import MidiError
from model.midi import MAX_BYTES, MidiFault, PianoRoll, read_midi, write_midi
from model.midi.chunks import MAX_TRACKS
from model.midi.reader import MAX_MINUTES, MAX_TEMPO
from model.midi.score import MAX_NOTES
from tests.model.midi.rolls import rolls
from tests.model.midi.test_reader import TICKS, meta, midi, note

PIECE = write_midi(PianoRoll.of_chords([1 << 40, 1 << 44 | 1 << 30, 0, 1 << 47] * 8), name="Piece")


def header(num_tracks: int = 1, kind: int = 0, ticks_per_beat: int = TICKS) -> bytes:
    numbers = (kind, num_tracks, ticks_per_beat)
    return b"MThd\x00\x00\x00\x06" + b"".join(each.to_bytes(2, "big") for each in numbers)


def track(content: bytes) -> bytes:
    return b"MTrk" + len(content).to_bytes(4, "big") + content


BAD_FILES = {
    "nothing": (b"", MidiFault.NOT_MIDI),
    "words": (b"These are no notes.", MidiFault.NOT_MIDI),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(500), MidiFault.NOT_MIDI),
    "larger": (header() + bytes(MAX_BYTES), MidiFault.TOO_LARGE),
    "header only": (header(), MidiFault.CUT_OFF),
    "half a header": (header()[:11], MidiFault.CUT_OFF),
    "short header": (b"MThd\x00\x00\x00\x02\x00\x00", MidiFault.CORRUPT),
    "truncated": (PIECE[:-5], MidiFault.CUT_OFF),
    "second track missing": (header(2, kind=1) + track(b"\x00\xff\x2f\x00"), MidiFault.CUT_OFF),
    "message cut": (header() + track(b"\x00\x90\x3c"), MidiFault.CUT_OFF),
    "no status": (header() + track(b"\x00\x3c\x50\x00"), MidiFault.CORRUPT),
    "data above 127": (header() + track(b"\x00\x90\xbc\x50"), MidiFault.CORRUPT),
    "tempo of one byte": (header() + track(b"\x00\xff\x51\x01\x07"), MidiFault.CORRUPT),
    "no such key": (header() + track(b"\x00\xff\x59\x02\x40\x00"), MidiFault.CORRUPT),
    "a number without end": (header() + track(b"\x81" * 100_000), MidiFault.CORRUPT),
    "patterns": (header(kind=2) + track(b""), MidiFault.PATTERNS),
    "SMPTE": (header(ticks_per_beat=0xE728) + track(b""), MidiFault.CLOCK_TIME),
    "no resolution": (header(ticks_per_beat=0) + track(b""), MidiFault.NO_RESOLUTION),
    "10,000 tracks": (header(10_000, kind=1) + track(b"") * 10_000, MidiFault.TOO_MANY_TRACKS),
    "no tracks": (header(0), MidiFault.NO_NOTES),
    "no notes": (midi([meta(0, "set_tempo", tempo=500_000)]), MidiFault.NO_NOTES),
    "too low for a piano": (midi(note(5, 0, 100)), MidiFault.NO_NOTES),
    "drums only": (midi(note(36, 0, 100, channel=9)), MidiFault.DRUMS_ONLY),
    "hours long": (midi(note(60, 0, 120 * 60 * 2 * TICKS)), MidiFault.TOO_LONG),
    "a huge delta time": (
        header() + track(b"\xff\xff\xff\x7f\x90\x3c\x50\x01\x3c\x00"),
        MidiFault.TOO_LONG,
    ),
    "a delta time beyond the format": (
        header() + track(b"\xff" * 1000 + b"\x7f\x90\x3c\x50\x01\x3c\x00"),
        MidiFault.TOO_LONG,
    ),
    "silence without end": (
        midi([*note(60, 0, TICKS), meta(2**27, "end_of_track")]),
        MidiFault.TOO_LONG,
    ),
    "one tick a beat": (
        midi(note(60, 0, 1), note(60, 200_000, 200_001), ticks_per_beat=1),
        MidiFault.TOO_LONG,
    ),
    "infinitely quick": (
        midi([meta(0, "set_tempo", tempo=0), *note(60, 0, TICKS)]),
        MidiFault.TEMPO,
    ),
    "far too quick": (midi([meta(0, "set_tempo", tempo=1), *note(60, 0, TICKS)]), MidiFault.TEMPO),
    "far too slow": (
        midi([meta(0, "set_tempo", tempo=0xFFFFFF), *note(60, 0, TICKS)]),
        MidiFault.TEMPO,
    ),
    "too many notes": (
        header() + track(b"\x00\x90\x3c\x50" + b"\x00\x3c\x00\x00\x3c\x50" * MAX_NOTES),
        MidiFault.TOO_MANY_NOTES,
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_each_kind_of_bad_file_gets_its_sentence(name: str) -> None:
    data, fault = BAD_FILES[name]
    with pytest.raises(MidiError) as caught:
        read_midi(data)
    assert caught.value.sentence == fault
    assert str(caught.value) == fault.format(**caught.value.values)


def test_every_sentence_has_a_file_that_brings_it() -> None:
    assert {fault for _, fault in BAD_FILES.values()} == set(MidiFault)


def test_the_largest_piece_is_read() -> None:
    notes = b"\x00\x3c\x00\x00\x3c\x50" * (MAX_NOTES - 1)
    tempo = 60_000_000 // MAX_TEMPO
    rest = MAX_MINUTES * MAX_TEMPO * TICKS
    other = [meta(0, "set_tempo", tempo=tempo), meta(rest, "end_of_track")]
    tracks = [midi(other).partition(b"MTrk")[2], *[b"\x00\x00\x00\x00"] * (MAX_TRACKS - 2)]
    data = header(MAX_TRACKS, kind=1) + b"".join(b"MTrk" + each for each in tracks)
    roll = read_midi(data + track(b"\x00\x90\x3c\x50" + notes + b"\x00\x3c\x00"), steps_per_beat=24)
    assert roll.seconds == pytest.approx(MAX_MINUTES * 60)
    assert len(np.flatnonzero(roll.frames)) == 1


@contextmanager
def counted_calls() -> Iterator[list[int]]:
    """How often a function of Python is called meanwhile: work without a clock."""
    calls = [0]

    def profile(_frame: FrameType, event: str, _argument: Any) -> None:
        calls[0] += event == "call"

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def roll_or_sentence(data: bytes) -> PianoRoll | str:
    try:
        return read_midi(data)
    except MidiError as error:
        return str(error)


def read_or_refuse(data: bytes) -> None:
    """Anything but a roll or a MidiError fails the test, and so does work beyond the size."""
    with counted_calls() as calls:
        outcome = roll_or_sentence(data)
    if isinstance(outcome, PianoRoll):
        assert outcome.frames.any()
        assert outcome.seconds <= MAX_MINUTES * 60 + 60
    else:
        assert outcome.endswith(".")
        assert "{" not in outcome
    assert calls[0] <= 2000 + 100 * len(data)


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    read_or_refuse(data)


@given(st.binary(max_size=300), st.integers(0, 3), st.integers(0, 0xFFFF))
def test_any_bytes_behind_a_header(data: bytes, kind: int, ticks_per_beat: int) -> None:
    read_or_refuse(header(1, kind, ticks_per_beat) + data)


MESSAGES = st.one_of(
    st.binary(max_size=6),
    st.builds(lambda kind, data: b"\xff" + bytes([kind, len(data)]) + data,
              st.integers(0, 255), st.binary(max_size=6)),
    st.builds(lambda status, data: bytes([status]) + data,
              st.integers(0x80, 0xFF), st.binary(min_size=1, max_size=3)),
)  # fmt: skip
DELTAS = st.sampled_from([b"\x00", b"\x60", b"\xff\xff\xff\x7f", b"\x80" * 9 + b"\x01"])
NOTE = b"\x00\x90\x3c\x50\x60\x80\x3c\x00"


@given(st.lists(st.tuples(DELTAS, MESSAGES), max_size=12), st.integers(0, 0x7FFF))
def test_any_messages_in_a_track(messages: list[tuple[bytes, bytes]], ticks_per_beat: int) -> None:
    content = b"".join(delta + message for delta, message in messages)
    read_or_refuse(header(1, 1, ticks_per_beat) + track(NOTE + content + NOTE))


@given(rolls(), st.data())
def test_a_good_file_with_some_bytes_changed(roll: PianoRoll, data: st.DataObject) -> None:
    mutated = bytearray(write_midi(roll, name="Piece"))
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(mutated)))
        end = start + data.draw(st.integers(0, 4))
        mutated[start:end] = data.draw(st.binary(max_size=4))
    read_or_refuse(bytes(mutated))


@given(rolls(), st.data())
def test_a_good_file_cut_anywhere(roll: PianoRoll, data: st.DataObject) -> None:
    whole = write_midi(roll)
    with pytest.raises(MidiError):
        read_midi(whole[: data.draw(st.integers(0, len(whole) - 1))])


@pytest.mark.parametrize(
    "filler", [b"\x00\xf8", b"\x00\xd0\x00", b"\x00\x90\x3c\x00", b"\x00\xff\x01\x00"]
)
def test_the_work_is_bounded_by_the_largest_file(filler: bytes) -> None:
    """The dearest fillings there are, each a tenth of the largest file."""
    read_or_refuse(header() + track(NOTE + filler * (MAX_BYTES // 10 // len(filler))))


def test_a_fault_of_one_reading_is_forgotten_by_the_next() -> None:
    with pytest.raises(MidiError):
        read_midi(BAD_FILES["no status"][0])
    assert read_midi(PIECE).frames.any()
    assert mido.MetaMessage("track_name", name="é").bytes()[-1] == 0xE9

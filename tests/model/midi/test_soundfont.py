"""The soundfonts are whole, and a broken one is told in a sentence."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from benchmarks.soundfont import cut
from model.errors import SoundfontError
from model.midi.instruments import Instrument
from model.midi.soundfont import SAMPLE_HEADER, lists_of, read_soundfont, riff_of


@pytest.mark.parametrize("instrument", Instrument)
def test_every_sample_is_unpacked_as_long_as_it_was_and_its_loop_lies_within(
    instrument: Instrument,
) -> None:
    packed = lists_of(instrument.soundfont.read_bytes())
    unpacked = lists_of(read_soundfont(instrument.soundfont))
    before = np.frombuffer(packed[b"pdta"][b"shdr"], SAMPLE_HEADER)[:-1]
    after = np.frombuffer(unpacked[b"pdta"][b"shdr"], SAMPLE_HEADER)[:-1]
    first = packed[b"sdta"][b"smpl"][before[0]["start"] : before[0]["end"]]
    num_frames = soundfile.info(io.BytesIO(first)).frames
    assert after[0]["end"] - after[0]["start"] == num_frames
    for field in ("loop_start", "loop_end"):
        assert (after[field] - after["start"] == before[field]).all()
    assert (after["loop_end"] <= after["end"]).all()
    assert after["end"].max() * 2 < len(unpacked[b"sdta"][b"smpl"])
    assert not (after["type"] & 0x10).any()


def test_the_notice_of_its_licence_is_in_each() -> None:
    for instrument in Instrument:
        notice = lists_of(instrument.soundfont.read_bytes())[b"INFO"][b"ICMT"]
        assert b"Frank Wen" in notice
        assert b"Permission is hereby granted, free of charge" in notice


def test_to_cut_its_one_instrument_out_of_a_soundfont_changes_nothing() -> None:
    lists = lists_of(Instrument.STRINGS.soundfont.read_bytes())
    assert riff_of(cut(lists, Instrument.STRINGS.program)) == riff_of(lists)


@pytest.mark.parametrize("num_bytes", [0, 3, 11, 300, 40_000])
def test_a_soundfont_that_is_cut_off_is_told_in_a_sentence(num_bytes: int, tmp_path: Path) -> None:
    broken = tmp_path / "broken.sf3"
    broken.write_bytes(Instrument.PIANO.soundfont.read_bytes()[:num_bytes])
    with pytest.raises(SoundfontError, match=r"broken\.sf3 cannot be used"):
        read_soundfont(broken)


def test_a_soundfont_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SoundfontError, match=r"none\.sf3 cannot be used"):
        read_soundfont(tmp_path / "none.sf3")

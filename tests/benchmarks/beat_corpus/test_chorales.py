"""Chorales out of a wheel: what reserves rights stays out, and bars begin where they should."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from benchmarks.beat_corpus.chorales import Chorales
from model.errors import CorpusError
from model.midi import LOWEST_PITCH, PianoRoll

_TIME = "<time><beats>{beats}</beats><beat-type>4</beat-type></time>"


def _note(pitch: str, quarters: int) -> str:
    step, octave = pitch[0], pitch[-1]
    alter = "<alter>1</alter>" if "#" in pitch else ""
    return (
        f"<note><pitch><step>{step}</step>{alter}<octave>{octave}</octave></pitch>"
        f"<duration>{2 * quarters}</duration></note>"
    )


def _part(pitch: str, beats: int) -> str:
    time = _TIME.format(beats=beats)
    pickup = f"<attributes><divisions>2</divisions>{time}</attributes>{_note('C6', 1)}"
    bars = [pickup, _note(pitch, 4), _note(pitch, 2) + "<note><rest/><duration>4</duration></note>"]
    return "".join(f"<measure>{bar}</measure>" for bar in bars)


def _score(*pitches: str, beats: int = 4, words: str = "") -> str:
    parts = "".join(f"<part>{_part(pitch, beats)}</part>" for pitch in pitches)
    return f"<score-partwise><sound tempo='76'/>{parts}<credit>{words}</credit></score-partwise>"


def _wheel(folder: Path, **scores: str) -> Path:
    path = folder / "music21.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, score in scores.items():
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w") as archive:
                archive.writestr("META-INF/container.xml", "<container/>")
                archive.writestr(f"{name}.xml", score)
            wheel.writestr(f"music21/corpus/bach/{name}.mxl", packed.getvalue())
        wheel.writestr("music21/corpus/bach/other.krn", "!!! all rights reserved")
    return path


def _read(path: Path) -> tuple[dict[str, PianoRoll], Chorales]:
    chorales = Chorales(path)
    return dict(chorales.read()), chorales


def test_a_chorale_begins_with_its_first_whole_bar(tmp_path: Path) -> None:
    found, _ = _read(_wheel(tmp_path, bwv1=_score("C3", "E3", "G3", "C#5")))
    roll = found["bwv1"]
    assert (len(roll), roll.tempo) == (32, 76)
    expected = np.zeros_like(roll.frames)
    expected[:24, [pitch - LOWEST_PITCH for pitch in (48, 52, 55, 73)]] = True
    assert np.array_equal(roll.frames, expected)


def test_what_reserves_rights_or_is_no_chorale_stays_out(tmp_path: Path) -> None:
    found, chorales = _read(
        _wheel(
            tmp_path,
            bwv1=_score("C3", "E3", "G3", "C5"),
            bwv2=_score("C3", "E3", "G3", "D5", words="PDF © 2004 Somebody"),
            bwv3=_score("C3", "E3", "G3", "E5", words="used by permission"),
            bwv4=_score("C3", "E3", "G3", "F5", beats=3),
            bwv5=_score("C3", "E3", "G3"),
            bwv6=_score("D3", "F#3", "A3", "D5"),
        )
    )
    assert {*found} == {"bwv1"}  # the last is the first, a tone higher
    assert (chorales.num_reserved, chorales.num_others) == (2, 3)


def test_what_is_no_wheel_is_an_error_that_says_where_to_get_one(tmp_path: Path) -> None:
    path = tmp_path / "music21.whl"
    path.write_text("a page", encoding="utf-8")
    with pytest.raises(CorpusError, match="pip download --no-deps music21"):
        _read(path)

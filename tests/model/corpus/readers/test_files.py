"""Encodings are found out and never guessed silently; lines are bounded."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.corpus.readers import files
from model.corpus.readers.files import (
    GB18030,
    LATIN_1,
    UTF_8,
    UTF_16,
    Encoding,
    bounded_lines,
    detect_encoding,
)

FRENCH = "La rivière a vêtu sa robe d’été, et l’été s’est noyé.\n"
FINNISH = "Yö jää tähän, ja hämärä meri kantaa jään päällä laivaa.\n"
CHINESE = "我把灯提到江心去，风把江心提到灯里。\n"


def detected(data: bytes) -> Encoding | None:
    file = io.BytesIO(data)
    encoding = detect_encoding(file)
    assert file.tell() == 0
    return encoding


@pytest.mark.parametrize("text", [FRENCH, FINNISH, CHINESE, "plain", ""])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig"])
def test_utf_8_is_read_without_a_note(text: str, codec: str) -> None:
    encoding = detected(text.encode(codec))

    assert encoding == UTF_8
    assert encoding.note is None


@pytest.mark.parametrize("text", [FRENCH, CHINESE, "plain"])
def test_utf_16_is_told_by_its_mark(text: str) -> None:
    assert detected(text.encode("utf-16")) == UTF_16
    assert detected(b"\xfe\xff" + text.encode("utf-16-be")) == UTF_16


@pytest.mark.parametrize("text", [FRENCH, FINNISH, "plain until the very end: é"])
@pytest.mark.parametrize("codec", ["cp1252", "latin-1"])
def test_latin_1_is_read_with_a_note(text: str, codec: str) -> None:
    encoding = detected(text.encode(codec, "ignore"))

    assert encoding == LATIN_1
    assert "Latin-1" in str(encoding.note)


@pytest.mark.parametrize("text", [CHINESE, f"yeah yeah yeah yeah yeah yeah yeah yeah {CHINESE}"])
@pytest.mark.parametrize("codec", ["gb18030", "gb2312"])
def test_gb18030_is_read_with_a_note(text: str, codec: str) -> None:
    encoding = detected(text.encode(codec))

    assert encoding == GB18030
    assert "GB18030" in str(encoding.note)


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04" + b"\x00" * 100,
        "плачет дождь по крышам".encode("koi8-r"),
        "我把燈提到江心去，風把江心提到燈裡".encode("big5"),
        "川の流れは静かに夜を越えてゆく".encode("shift-jis"),
        bytes(range(128, 256)) * 4,
    ],
    ids=["zip", "koi8", "big5", "shift-jis", "noise"],
)
def test_what_is_no_known_text_is_not_guessed(data: bytes) -> None:
    assert detected(data) is None


def test_one_bad_byte_does_not_change_the_encoding_of_a_file() -> None:
    assert detected((FRENCH * 50).encode() + b"\xe9t\xe9\n" + FRENCH.encode()) == UTF_8
    assert detected(CHINESE.encode()[:-2]) == UTF_8


def test_an_encoding_is_told_across_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "CHUNK_BYTES", 101)

    assert detected((CHINESE * 90).encode()) == UTF_8
    assert detected((CHINESE * 90).encode("gb18030")) == GB18030
    assert detected((FRENCH * 90).encode("cp1252")) == LATIN_1


def test_an_endless_line_is_cut_and_the_next_one_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_LINE_CHARACTERS", 8)
    file = io.StringIO("lamp\n" + "x" * 100 + "\nroad\r\n12345678\nlast", newline="")

    lines = list(bounded_lines(file))
    assert [lines[0], lines[1], lines[2], lines[-1]] == ["lamp\n", "x" * 8, "road\r\n", "last"]


@given(st.binary(max_size=300))
def test_any_bytes_decode_as_they_are_said_to(data: bytes) -> None:
    encoding = detected(data)

    if encoding:
        file = io.TextIOWrapper(io.BytesIO(data), encoding.codec, encoding.errors, newline="")
        assert len("".join(bounded_lines(file))) <= len(data)

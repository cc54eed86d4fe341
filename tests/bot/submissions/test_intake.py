"""What members hand in is text in UTF-8 or UTF-16 and holds words; anything else is told apart."""

import pytest

from bot.config import SubmissionConfig
from bot.errors import BadLyrics
from bot.submissions.intake import decode, prepare

LIMITS = SubmissionConfig(min_characters=40, max_characters=400)
LINE = "Salt on the window and salt on the floor, "


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom"])
def test_unicode_text_is_read_with_or_without_its_mark(encoding: str) -> None:
    content = (
        b"\xff\xfe" + "雨落 é".encode("utf-16-le")
        if encoding == "utf-16-le-bom"
        else "雨落 é".encode(encoding)
    )
    assert decode(content) == "雨落 é"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x00\x01\x02 binary", "not text"),
        ("süß".encode("latin-1"), "not in UTF-8"),
        ("春风".encode("gb18030"), "not in UTF-8"),
        (b"\xff\xfe\x00", "not in UTF-8"),
    ],
)
def test_anything_else_is_told_apart(content: bytes, told: str) -> None:
    with pytest.raises(BadLyrics, match=told):
        decode(content)


def test_lyrics_are_cleaned_and_their_language_noted() -> None:
    prepared = prepare(f"[Chorus]\n{LINE}\n{LINE}", LIMITS)
    assert prepared.text == f"{LINE.strip()}\n{LINE.strip()}"
    assert prepared.language == "en"
    assert prepare("雨落在旧城的屋檐\n" * 9, LIMITS).language == "zh"


def test_the_same_words_have_the_same_fingerprint() -> None:
    first, second = prepare(LINE * 2, LIMITS), prepare(LINE.upper().replace(",", "!") * 2, LIMITS)
    assert first.fingerprint == second.fingerprint


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no words"),
        ("123 ?!" * 20, "no words"),
        ("short", "5 characters"),
        (LINE * 10, "more than 400"),
        ("x" * 5_000_000, "more than 400"),
    ],
)
def test_lyrics_outside_of_the_limits_are_told_apart(text: str, told: str) -> None:
    with pytest.raises(BadLyrics, match=told):
        prepare(text, LIMITS)

"""Words are letters with the apostrophes inside; a Han character is a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.phonetics.words import script_of, split_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I don't know, man – 99 times!", ["I", "don't", "know", "man", "times"]),
        ("keep runnin’ 'til 'they' stop", ["keep", "runnin’", "til", "they", "stop"]),
        ("runnin' wild", ["runnin'", "wild"]),
        ("café cafe\u0301", ["café", "café"]),
        ("我爱 hip-hop，真的", ["我", "爱", "hip", "hop", "真", "的"]),
        ("snake_case x2 🔥", ["snake", "case", "x"]),
        ("Привет мир", ["Привет", "мир"]),
        ("... 12 🔥\n", []),
        ("", []),
    ],
)
def test_a_text_is_parted_into_words(text: str, words: list[str]) -> None:
    assert split_words(text) == words


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_plain_text_is_parted_like_any_other(text: str) -> None:
    assert split_words(text) == split_words(f"{text} é")[:-1]


@pytest.mark.parametrize(
    ("word", "script"),
    [
        ("don't", "latin"),
        ("Zürich", "latin"),
        ("月", "han"),
        ("мир", "cyrillic"),
        ("λόγος", "greek"),
        ("사랑", "hangul"),
        ("ひ", None),
        ("мiр", None),
        ("two words", None),
        ("7", None),
        ("", None),
    ],
)
def test_a_word_is_of_one_script_or_of_none(word: str, script: str | None) -> None:
    assert script_of(word) == script

"""Which words rhyme, and how well."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.phonetics import pronounce, rhyme_strength, rhymes

WORDS = st.one_of(
    st.text(alphabet="abcdefghijklmnopqrstuvwxyz'", max_size=12),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.text(max_size=4),
)


def strength(word: str, other: str) -> float:
    (one,), (two,) = pronounce([word]), pronounce([other])
    return rhyme_strength(one, two)


@pytest.mark.parametrize(
    ("word", "other", "expected"),
    [
        ("nation", "station", 1),
        ("ledge", "edge", 1),
        ("sky", "butterfly", 1),
        ("certain", "curtain", 1),
        ("fire", "higher", 1),
        ("雨", "女", 1),
        ("东", "星", 1),
        ("melody", "tree", 0.75),
        ("be", "eternity", 0.75),
        ("time", "line", 0.5),
        ("人", "生", 0.5),
        ("singing", "walking", 0.25),
        ("the", "sofa", 0.25),
        ("love", "move", 0),
        ("orange", "door", 0),
        ("love", "love", 0),
        ("two", "too", 0),
        ("人", "人", 0),
        ("you", "雨", 0),
        ("42", "42", 0),
    ],
)
def test_rhymes_are_graded(word: str, other: str, expected: float) -> None:
    assert strength(word, other) == strength(other, word) == expected


@pytest.mark.parametrize(
    ("text", "other", "do_rhyme"),
    [
        ("words like a razor, feet on the ledge", "rhyme on the edge!", True),
        ("love", "move", False),
        ("time", "line", False),
        ("雨落在旧城的屋檐", "风把昨天吹得很远", True),
        ("привет", "ответ", False),
        ("", "edge", False),
    ],
)
def test_last_words_rhyme_or_not(text: str, other: str, do_rhyme: bool) -> None:
    assert rhymes(text, other) is do_rhyme


def test_what_is_enough_for_a_rhyme_can_be_said() -> None:
    assert rhymes("time", "line", min_strength=0.5)
    assert not rhymes("melody", "tree", min_strength=1)
    assert rhymes("привет", "ответ", "ru")


@settings(deadline=None)
@given(WORDS, WORDS)
def test_rhyming_is_mutual_and_never_with_oneself(word: str, other: str) -> None:
    assert strength(word, other) == strength(other, word)
    assert strength(word, word) == 0

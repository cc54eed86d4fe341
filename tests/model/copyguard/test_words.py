"""Words are the same however a lyric is written down."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.copyguard.words import folded_words, hash_word


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't stop -- believin'!", ["dont", "stop", "believin"]),
        ("don’t STOP… believin‘", ["dont", "stop", "believin"]),
        ("o'er the to-day", ["oer", "the", "to", "day"]),
        ("_Café_ naïve, Straße", ["cafe", "naive", "strasse"]),
        ("Cafe\u0301 nai\u0308ve STRASSE", ["cafe", "naive", "strasse"]),
        ("soft\u00adhyphen zero\u200bwidth", ["softhyphen", "zerowidth"]),
        ("４ ｍｅｎ, ﬁve", ["4", "men", "five"]),
        ("雨落在、旧城\n的屋檐。", [*"雨落在旧城的屋檐"]),
        ("love是爱", ["love", "是", "爱"]),
        ("さくら・サクラ", [*"さくらサクラ"]),
        ("हिन्दी गीत", ["हनद", "गत"]),
        ("노래 한 곡", ["노래", "한", "곡"]),
        ("\n ,;—", []),
        ("", []),
    ],
)
def test_a_text_falls_into_its_words(text: str, words: list[str]) -> None:
    assert [unicodedata.normalize("NFC", word) for word in folded_words(text)] == words


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=6))
def test_a_text_has_the_words_of_its_lines(lines: list[str]) -> None:
    assert folded_words("\n".join(lines)) == [word for line in lines for word in folded_words(line)]


@given(st.text(st.sampled_from("abyzÀéîõüñçßœ'’ -.\n雨落"), max_size=40))
def test_case_and_the_form_of_accents_make_no_difference(text: str) -> None:
    words = folded_words(text)
    assert folded_words(text.upper()) == words
    assert folded_words(unicodedata.normalize("NFD", text)) == words


def test_a_hash_is_the_same_on_every_machine() -> None:
    assert hash_word("harbour") == 16295200358155746308
    assert hash_word("雨") == 16250184780842359005

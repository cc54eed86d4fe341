"""Any text is pronounced word by word, or said to have no known rhyme; nothing raises."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.phonetics import Pronunciation, pronounce, split_words
from model.phonetics.espeak import PhoneticsError

ANY_LETTERS = st.text(alphabet=st.characters(categories=["L", "M"], include_characters=" '’"))


def one(word: str, voice: str = "en-us") -> Pronunciation:
    (pronunciation,) = pronounce([word], voice)
    assert pronunciation is not None
    return pronunciation


def test_a_word_is_told_in_full() -> None:
    assert one("Melody") == Pronunciation("en-us", "m_ˈɛ_l_ə_d_i", "ei", 3, "ɛlədi", "i", "ɛəi")
    assert one("月") == Pronunciation("zh", "月", "皆", 1, "皆", "皆", "皆")


def test_case_and_the_shape_of_apostrophes_do_not_count() -> None:
    assert one("DON’T") == one("don't")
    assert one("runnin'") == one("runnin")


def test_the_article_is_not_read_as_a_letter() -> None:
    assert one("a").vowels == ""
    assert one("A", "de").vowels == "A"


def test_a_line_may_mix_scripts() -> None:
    heard = pronounce("我的 flow 像水 2 🔥")
    assert [each.language for each in heard if each] == ["zh", "zh", "en-us", "zh", "zh"]


@pytest.mark.parametrize("word", ["привет", "ひかり", "42", "🔥", "a b", "", "-", "w" * 49, "嗯"])
def test_a_word_without_a_known_rhyme_is_none(word: str) -> None:
    assert pronounce([word]) == [None]


def test_another_script_is_read_by_a_voice_of_its_language() -> None:
    assert one("молоко", "ru").num_syllables == 3
    assert pronounce(["λόγος"], "ru") == [None]
    assert one("月", "ru").language == "zh"


def test_tones_count_if_they_are_asked_for() -> None:
    (level,), (falling,) = (pronounce(each, has_tones=True) for each in "诗是")
    assert level is not None
    assert falling is not None
    assert (level.rhyme, falling.rhyme) == ("支1", "支4")
    assert one("诗").rhyme == one("是").rhyme == "支"


def test_a_voice_that_is_not_there_is_refused() -> None:
    with pytest.raises(PhoneticsError):
        pronounce("hello", "xx-nowhere")


def test_many_threads_hear_the_same() -> None:
    words = ["harbour", "lights", "are", "low", "tonight", "雨", "落"]
    expected = pronounce(words)
    with ThreadPoolExecutor(8) as pool:
        assert all(each == expected for each in pool.map(pronounce, [words] * 100))


@settings(deadline=None)
@given(st.one_of(st.text(), ANY_LETTERS))
def test_no_text_raises(text: str) -> None:
    words = split_words(text)
    for heard, word in zip(pronounce(text), words, strict=True):
        assert heard is None or (heard.num_syllables >= 1 and heard.rhyme and heard.ending)
        assert pronounce([word]) == [heard]


@settings(deadline=None)
@given(st.lists(st.text(max_size=60), max_size=5))
def test_no_list_of_words_raises(words: list[str]) -> None:
    assert len(pronounce(words)) == len(words)

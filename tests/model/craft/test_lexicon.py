"""Words are found by their rhyme: all of them, in order, and no others."""

from hypothesis import given
from hypothesis import strategies as st

from model.craft import RhymeLexicon
from model.phonetics import NEAR_RHYME, PERFECT_RHYME, Pronunciation, pronounce, rhyme_strength

WORDS = (
    *("light", "night", "satellite", "tonight", "knight", "day", "away", "grey", "melody", "tree"),
    *("nation", "station", "singing", "walking", "orange", "7", "привет", "雨", "语", "天", "远"),
)
LEXICON = RhymeLexicon(WORDS)


def sound(word: str) -> Pronunciation:
    (found,) = pronounce([word])
    assert found is not None
    return found


@given(st.sampled_from([word for word in WORDS if word not in {"7", "привет"}]), st.data())
def test_every_word_that_rhymes_is_found_and_none_that_does_not(
    word: str, data: st.DataObject
) -> None:
    strength = data.draw(st.sampled_from([NEAR_RHYME, PERFECT_RHYME]))
    found = LEXICON.rhymes_with(sound(word), strength)
    expected = {
        other
        for other, each in zip(WORDS, pronounce(WORDS), strict=True)
        if rhyme_strength(each, sound(word)) >= strength
    }
    assert {*found} == expected
    assert len(found) == len(expected)


def test_perfect_rhymes_come_first_and_then_what_is_preferred() -> None:
    lexicon = RhymeLexicon(("melody", "sea", "day", "tree", "remedy"))
    assert lexicon.rhymes_with(sound("free")) == ["sea", "tree", "melody", "remedy"]
    assert lexicon.rhymes_with(sound("free"), PERFECT_RHYME) == ["sea", "tree"]


def test_neither_a_word_nor_its_homophone_rhymes_with_it() -> None:
    assert not {"night", "knight"} & {*LEXICON.rhymes_with(sound("night"))}


def test_languages_keep_apart() -> None:
    assert {*LEXICON.rhymes_with(sound("年"))} == {"天", "远"}


def test_what_nothing_rhymes_with_finds_nothing_and_leaves_nothing_behind() -> None:
    for _ in range(2):
        assert LEXICON.rhymes_with(sound("orange")) == []
        assert LEXICON.num_rhymes(sound("silver")) == 0
    assert RhymeLexicon(()).rhymes_with(sound("night")) == []


def test_the_number_of_rhymes_is_that_of_the_perfect_ones_with_the_word_itself() -> None:
    assert LEXICON.num_rhymes(sound("bright")) >= 3
    assert LEXICON.num_rhymes(sound("orange")) == 1

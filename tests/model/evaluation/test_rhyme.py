"""Rhyme density, against cases worked by hand and against its definition spelled out slowly."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.evaluation.rhyme import RhymeContext, RhymeRuns, rhyme_density, rhyme_runs
from model.phonetics import Pronunciation, pronounce
from tests.factories import songs


def word(vowels: str, sound: str | None = None) -> Pronunciation:
    return Pronunciation("en-us", sound or vowels, vowels, 1, vowels, vowels, vowels)


MADE_UP = st.lists(
    st.one_of(
        st.none(),
        st.builds(word, st.text("aei", max_size=3), st.sampled_from(["one", "two", "three"])),
    ),
    max_size=30,
)


def slow_total(words: Sequence[Pronunciation | None], look_back: int) -> int:
    counted = [each for each in words if each and each.vowels]
    total = 0
    for index, late in enumerate(counted):
        upto = "".join(each.vowels for each in counted[: index + 1])
        lengths = [0]
        for other in range(max(0, index - look_back), index):
            early = "".join(each.vowels for each in counted[: other + 1])
            between = upto[len(early) :]
            lengths += [
                length
                for length in range(2, min(len(early), len(between)) + 1)
                if early[-length:] == between[-length:] and counted[other].sound != late.sound
            ]
        total += max(lengths)
    return total


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        # "say" has both vowels of the diphthong of "day".
        ("day say", RhymeRuns(2, 2)),
        # One equal vowel is no run.
        ("cat hat", RhymeRuns(0, 2)),
        # i-a, i-a: "hat" ends a run of two over two words, "thick" none.
        ("big cat, thick hat", RhymeRuns(2, 4)),
        # Identical words make no run, nor do words that sound alike.
        ("day day", RhymeRuns(0, 2)),
        ("made maid", RhymeRuns(0, 2)),
        # i i i i: only the last word has two vowels to itself.
        ("see me be tea", RhymeRuns(2, 4)),
        # Eight times i: runs of 2 for "city", "give" and "me", and of 4 for "pity" after "city".
        ("pretty city, give me pity", RhymeRuns(10, 5)),
        # "the" has no vowel that counts, and is no word here.
        ("the day the say", RhymeRuns(2, 2)),
        # A line that comes again, and one in brackets, are left out.
        ("the day\nThe day!\n[say]\n(say)", RhymeRuns(0, 1)),
        # 人文 生庚 真文 能庚: a run of two ends with the last character.
        ("人生真能", RhymeRuns(2, 4)),
        # Words of two languages never match; neither do they of an unknown one.
        ("день day 人 42", RhymeRuns(0, 2)),
        ("", RhymeRuns(0, 0)),
    ],
)
def test_runs_are_counted_as_by_hand(text: str, runs: RhymeRuns) -> None:
    assert rhyme_runs(text) == runs
    assert rhyme_density(text) == pytest.approx(runs.num_vowels / max(1, runs.num_words))


def test_only_words_within_the_look_back_count() -> None:
    text = "day cat top foot say"
    assert rhyme_runs(text, look_back=4).num_vowels == 2
    assert rhyme_runs(text, look_back=3).num_vowels == 0


@settings(deadline=None)
@given(MADE_UP, st.integers(1, 6))
def test_it_is_what_the_definition_says(words: list[Pronunciation | None], look_back: int) -> None:
    runs, _ = RhymeContext(look_back).read(words)
    assert runs.num_vowels == slow_total(words, look_back)
    assert runs.num_words == sum(bool(each and each.vowels) for each in words)


@settings(deadline=None)
@given(MADE_UP, MADE_UP, MADE_UP, st.integers(1, 6))
def test_line_after_line_adds_up_to_the_whole(
    first: list[Pronunciation | None],
    second: list[Pronunciation | None],
    third: list[Pronunciation | None],
    look_back: int,
) -> None:
    context, total = RhymeContext(look_back), RhymeRuns()
    for line in (first, second, third):
        runs, context = context.read(line)
        total += runs
    assert (total, context) == RhymeContext(look_back).read(first + second + third)


def test_many_next_lines_can_be_tried_on_one_context() -> None:
    _, context = RhymeContext().read(pronounce("Nothing to lose and a verse to get through"))
    before = context
    tried = [context.read(pronounce(line))[0] for line in ("the moon in blue", "a dog", "")]
    assert context == before
    assert tried[0].num_vowels > tried[1].num_vowels == tried[2].num_words == 0


@settings(deadline=None)
@given(st.text())
def test_any_text_has_a_density(text: str) -> None:
    assert rhyme_density(text) >= 0


def test_real_verse_has_some_in_both_scripts() -> None:
    for song in songs(1):
        assert 0 < rhyme_density(song.text) < 3

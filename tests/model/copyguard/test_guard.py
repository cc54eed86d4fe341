"""Line by line, a guard says of a verse what looking at the whole would say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.copyguard import CopyIndex, CopyOverlay, VerseGuard
from model.copyguard.words import folded_words

SONG = """I count the masts by candle light
And sail them all away"""
INDEX = CopyIndex.build([SONG])

FEW_WORDS = st.lists(st.sampled_from(["a", "b", "雨"]), max_size=5).map(" ".join)


@given(FEW_WORDS, st.lists(FEW_WORDS, max_size=5), FEW_WORDS, FEW_WORDS)
def test_a_line_is_a_copy_when_a_run_ends_in_it(
    lyric: str, lines: list[str], context: str, seed: str
) -> None:
    index = CopyIndex.build([f"{lyric} b a b"], max_run=2)
    before = f"{context}\n{seed} " if context else f"{seed} "
    guard, told = VerseGuard([index], before), []
    for line in lines:
        told.append(guard.would_copy(line))
        guard = guard.after(line)
    num_words = len(folded_words(before))
    for line, is_copy in zip(lines, told, strict=True):
        words = [*folded_words(before), *folded_words(line)]
        runs = (words[end - 3 : end] for end in range(max(3, num_words + 1), len(words) + 1))
        assert is_copy == any(index.first_copy(" ".join(run)) == 0 for run in runs)
        before, num_words = f"{before}{line}\n", len(words)


@given(FEW_WORDS, FEW_WORDS, FEW_WORDS)
def test_the_index_says_the_same_of_a_line_after_some_words(
    lyric: str, before: str, line: str
) -> None:
    index = CopyIndex.build([f"{lyric} b a b"], max_run=2)
    guard = VerseGuard([index], f"{before}\n")
    assert index.would_copy(folded_words(before), line) == guard.would_copy(line)


def test_a_run_crosses_the_end_of_a_line() -> None:
    guard = VerseGuard([INDEX]).after("We masts by candle light")
    assert guard.would_copy("and sail them, all alone")
    assert not guard.would_copy("and sail away, all alone")


def test_trying_a_line_leaves_the_guard_as_it_was() -> None:
    guard = VerseGuard([INDEX])
    guard.after("I count the masts by candle")
    assert not guard.would_copy("light")


def test_what_the_member_typed_is_theirs_and_going_on_with_it_is_not() -> None:
    guard = VerseGuard([INDEX], "I count the masts by candle light and sail")
    assert not guard.would_copy(" off")
    assert guard.would_copy(" them")
    assert not guard.after(" off").would_copy("them all away")


def test_a_short_seed_may_be_continued_up_to_the_limit() -> None:
    guard = VerseGuard([INDEX], "I count")
    assert not guard.would_copy(" the masts by candle glow")
    assert guard.would_copy(" the masts by candle light")


def test_a_seed_whose_last_word_grows_is_no_longer_the_members() -> None:
    guard = VerseGuard([INDEX], "I count the masts by candle lig")
    assert guard.would_copy("ht")
    assert not guard.would_copy("er")


def test_in_chinese_each_character_counts() -> None:
    guard = VerseGuard([CopyIndex.build(["雨落在旧城的屋檐，我在灯下写你的名"])], "雨落在")
    assert not guard.would_copy("旧城的家")
    assert guard.would_copy("旧城的屋")


def test_several_indices_are_asked_each_by_its_own_length() -> None:
    other = CopyIndex.build(["up on the rooftop"], max_run=3)
    guard = VerseGuard([INDEX, other, CopyIndex.empty()])
    assert guard.would_copy("Up on the rooftop")
    assert guard.after("I count the masts by candle").would_copy("light")
    assert not guard.would_copy("count the masts by")


def test_without_an_index_all_is_allowed() -> None:
    assert not VerseGuard([CopyIndex.empty()], "I count").after(" the masts").would_copy(SONG)


@pytest.mark.parametrize("line", ["", "\n", "…"])
def test_a_line_without_words_copies_nothing(line: str) -> None:
    assert not VerseGuard([INDEX], SONG).would_copy(line)
    assert not VerseGuard([INDEX]).after(SONG).would_copy(line)


def test_an_overlay_knows_what_was_handed_in_since() -> None:
    overlay = CopyOverlay()
    before = overlay.index
    overlay.protect([SONG])
    overlay.protect(["Up on the rooftop, feet on the ledge"])
    assert before.num_runs == 0
    assert overlay.index.first_copy(SONG) == 0
    assert overlay.index.first_copy("up on the rooftop feet on the") == 0

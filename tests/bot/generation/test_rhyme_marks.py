"""Lines that rhyme get equal letters, as the scheme pairs them, or in free verse where they do."""

import pytest

from bot.generation.rhyme_marks import MarkedLine, knows_rhymes, mark_rhymes

RAIN = "slim as the rain,\nI take the train\nand all my days\nI go my ways"


def letters(text: str, scheme: str | None, context: str = "") -> list[str]:
    return [line.letter for line in mark_rhymes(text, scheme, context).lines]


@pytest.mark.parametrize(
    ("scheme", "found", "num_met"),
    [("AABB", ["A", "A", "B", "B"], 2), ("ABAB", ["", "", "", ""], 0), ("ABBA", [""] * 4, 0)],
)
def test_pairs_of_the_scheme_that_rhyme_share_a_letter(
    scheme: str, found: list[str], num_met: int
) -> None:
    marks = mark_rhymes(RAIN, scheme)
    assert [line.letter for line in marks.lines] == found
    assert (marks.num_met, marks.num_pairs) == (num_met, 2)


def test_each_round_has_letters_of_its_own_and_a_chain_one() -> None:
    assert letters(f"{RAIN}\n{RAIN}", "AABB") == ["A", "A", "B", "B", "C", "C", "D", "D"]
    assert letters("a day\nmy way\nto say\nhello", "AAAA") == ["A", "A", "A", ""]


@pytest.mark.parametrize("scheme", ["free", None])
def test_free_verse_is_marked_where_it_rhymes_by_itself(scheme: str | None) -> None:
    marks = mark_rhymes("a day\nsome sun\n\nmy way\nthe end\nof it\na bee\nI say", scheme)
    assert [line.letter for line in marks.lines] == ["A", "", "", "A", "", "", "", ""]
    assert (marks.num_met, marks.num_pairs) == (0, 0)


def test_a_verse_goes_on_in_the_rhymes_of_what_it_continues() -> None:
    marks = mark_rhymes("I take the train\nand all my days", "ABAB", "in the rain\nall night")
    assert [line.letter for line in marks.lines] == ["A", ""]
    assert (marks.num_met, marks.num_pairs) == (1, 2)


def test_the_last_word_is_found_before_what_follows_it() -> None:
    lines = mark_rhymes("春风又绿，\nthe rain, 7!\n🔥", "AABB").lines
    assert [line.text[line.start : line.stop] for line in lines] == ["绿", "rain", ""]
    assert lines[2] == MarkedLine("🔥", 1, 1, "")


@pytest.mark.parametrize(
    ("text", "is_known"),
    [(RAIN, True), ("белый снег\nтихий бег", False), ("белый снег\nrain", True), ("🔥\n1", False)],
)
def test_a_language_without_known_rhymes_is_told_from_one_with(text: str, is_known: bool) -> None:
    assert knows_rhymes(text) is is_known

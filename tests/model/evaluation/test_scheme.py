"""Rhymes at line ends are those that a scheme asks for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.evaluation.scheme import (
    FREE,
    SCHEMES,
    end_rhyme_share,
    internal_rhyme_share,
    rhyming_pairs,
)

COUPLETS = "on the ledge\nof the edge\nthe blue\nit is through"
CROSSED = "tonight\nis grey\nby candle light\nthem all away"
ENCLOSED = "tonight\nis grey\nthem all away\nby candle light"
ALIKE = "night\nlight\nbright\nwhite"


@pytest.mark.parametrize(
    ("scheme", "num_lines", "pairs"),
    [
        ("AABB", 4, [(0, 1), (2, 3)]),
        ("ABAB", 4, [(0, 2), (1, 3)]),
        ("ABBA", 4, [(1, 2), (0, 3)]),
        ("AAAA", 4, [(0, 1), (1, 2), (2, 3)]),
        ("ABCB", 4, [(1, 3)]),
        ("AABB", 8, [(0, 1), (2, 3), (4, 5), (6, 7)]),
        ("ABAB", 3, [(0, 2)]),
        ("ABAB", 6, [(0, 2), (1, 3)]),
        ("AABB", 1, []),
        ("", 4, []),
    ],
)
def test_a_scheme_pairs_lines(scheme: str, num_lines: int, pairs: list[tuple[int, int]]) -> None:
    assert rhyming_pairs(scheme, num_lines) == pairs


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        (COUPLETS, (1, 0, 0, 2 / 3)),
        (CROSSED, (0, 1, 0, 0)),
        (ENCLOSED, (0, 0, 1, 1 / 3)),
        (ALIKE, (1, 1, 1, 1)),
        ("one line", (0, 0, 0, 0)),
        ("", (0, 0, 0, 0)),
    ],
)
def test_the_share_of_pairs_that_rhyme(text: str, shares: tuple[float, ...]) -> None:
    measured = [end_rhyme_share(text, scheme) for scheme in SCHEMES]
    assert measured == pytest.approx(shares)


def test_a_stanza_begins_the_scheme_anew() -> None:
    text = "night\nlight\nlost\n\nthe day\nI say"
    assert end_rhyme_share(text, "AABB") == 1
    assert end_rhyme_share(text.replace("\n\n", "\n"), "AABB") == pytest.approx(1 / 2)


def test_the_same_word_twice_is_no_rhyme_and_neither_is_a_number() -> None:
    assert end_rhyme_share("the night\nthis night", "AABB") == 0
    assert end_rhyme_share("the 42\n7", "AABB") == 0


def test_chinese_lines_rhyme_by_their_last_characters() -> None:
    assert end_rhyme_share("床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。", "AABA") == 1


def test_a_weaker_rhyme_counts_if_it_is_asked_for() -> None:
    assert end_rhyme_share("in time\na line", "AABB") == 0
    assert end_rhyme_share("in time\na line", "AABB", min_strength=0.5) == 1


def test_free_verse_asks_for_nothing() -> None:
    assert rhyming_pairs(FREE, 8) == []
    assert end_rhyme_share(CROSSED, FREE) == 0


def test_words_that_rhyme_inside_a_line_are_counted() -> None:
    # "light" and "bright" have "night" before them; "slow" stands in another line than "go".
    assert internal_rhyme_share("night of light so bright\ngo\nslow") == pytest.approx(2 / 7)
    assert internal_rhyme_share("") == 0


@settings(deadline=None)
@given(st.text(), st.text("ABC", max_size=6))
def test_any_text_and_scheme_have_a_share(text: str, scheme: str) -> None:
    assert 0 <= end_rhyme_share(text, scheme) <= 1
    assert 0 <= internal_rhyme_share(text) <= 1

"""A verse goes on in its scheme: the lines handed over are the first of it, wherever it stopped."""

import dataclasses

import pytest

from bot.generation import Mix
from bot.store import Verse
from bot.views.order import continuation, same_again
from tests.bot.views.verses import make_verse


def verse(num_lines: int, scheme: str | None, context: str = "") -> Verse:
    return make_verse(
        "\n".join(f"line {number}" for number in range(num_lines)),
        seed="line",
        num_lines=num_lines,
        context=context,
        scheme=scheme,
        mix_artist="Roof Fox",
        mix_share=30,
    )


@pytest.mark.parametrize(
    ("num_lines", "num_handed_over"), [(2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 4)]
)
def test_the_scheme_goes_on_where_the_verse_stopped(num_lines: int, num_handed_over: int) -> None:
    stopped = verse(num_lines, "ABBA")
    context = continuation(stopped).context
    assert stopped.text.endswith(context)
    assert len(context.splitlines()) == num_handed_over
    assert num_handed_over % 4 == num_lines % 4


def test_what_a_verse_itself_went_on_from_counts_too() -> None:
    stopped = verse(5, "ABAB", context="before 1\nbefore 2\n\nbefore 3")
    assert continuation(stopped).context.splitlines() == [f"line {n}" for n in range(1, 5)]
    short = verse(2, "ABAB", context="before 1\nbefore 2\nbefore 3")
    assert continuation(short).context == "before 1\nbefore 2\nbefore 3\nline 0\nline 1"


@pytest.mark.parametrize("scheme", ["free", None])
def test_without_a_scheme_the_last_four_lines_are_handed_over(scheme: str | None) -> None:
    stopped = verse(6, scheme)
    assert continuation(stopped).context == "line 2\nline 3\nline 4\nline 5"


def test_scheme_and_mix_stay_as_they_were() -> None:
    stopped = verse(4, "AABB", context="before")
    for order in (same_again(stopped), continuation(stopped)):
        assert (order.scheme, order.mix) == ("AABB", Mix(artist="Roof Fox", share=30))
    assert same_again(stopped).context == "before"
    assert continuation(dataclasses.replace(stopped, mix_artist=None, mix_share=None)).mix is None

"""Shares of votes are told with what is not known of them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retraining.opinion import chance_of_worse, interval

votes = st.integers(0, 300)


@given(votes, votes)
def test_the_interval_holds_the_share_and_stays_between_none_and_all(up: int, down: int) -> None:
    low, high = interval(up, down)
    assert 0 <= low <= up / max(1, up + down) <= high <= 1 or up + down == 0
    assert interval(up * 4, down * 4)[1] - interval(up * 4, down * 4)[0] <= high - low + 1e-9


def test_the_interval_is_wilsons() -> None:
    assert interval(7, 3) == pytest.approx((0.3968, 0.8922), abs=1e-4)
    assert interval(0, 0) == (0.0, 1.0)


@given(votes, votes, votes, votes)
def test_one_of_two_is_the_worse(a: int, b: int, c: int, d: int) -> None:
    both = chance_of_worse((a, b), (c, d)) + chance_of_worse((c, d), (a, b))
    assert both == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    ("candidate", "live"), [((5, 5), (5, 5)), ((2, 8), (8, 2)), ((30, 20), (60, 30))]
)
def test_the_chance_is_that_of_drawing_from_what_is_known(
    candidate: tuple[int, int], live: tuple[int, int]
) -> None:
    chance = random.Random(7)

    def draw(up: int, down: int) -> float:
        return chance.betavariate(up + 1, down + 1)

    share = sum(draw(*candidate) < draw(*live) for _ in range(4_000)) / 4_000
    assert chance_of_worse(candidate, live) == pytest.approx(share, abs=0.03)

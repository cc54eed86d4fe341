"""Only figures decide, and the reason says which."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retraining.gate import judge

bits = st.floats(0.01, 20)
ALLOWED = 0.02


def figures(new: tuple[Any, Any], others: tuple[Any, Any] = (2.0, 2.0)) -> dict[str, Any]:
    return {
        "new_songs": {"live": new[0], "candidate": new[1]},
        "others": {"live": others[0], "candidate": others[1]},
    }


@given(bits, bits, bits, bits)
def test_promoted_means_better_on_the_new_and_little_lost_on_the_others(
    live: float, candidate: float, others: float, others_after: float
) -> None:
    decision = judge(figures((live, candidate), (others, others_after)), ALLOWED)
    assert decision.is_promoted == (candidate < live and others_after - others <= ALLOWED)
    assert decision.reason.endswith(".")


def test_the_reason_of_a_promotion_has_the_figures() -> None:
    assert judge(figures((2.91, 2.44), (2.0, 2.004)), ALLOWED).reason == (
        "The new songs read better (2.91 → 2.44 bits per character)"
        " and the others lost nothing (+0.004)."
    )
    assert "lost little (+0.013)" in judge(figures((2.91, 2.44), (2.0, 2.013)), ALLOWED).reason


def test_the_reason_of_a_rejection_says_which_figure_it_was() -> None:
    worse = judge(figures((2.44, 2.91)), ALLOWED)
    assert not worse.is_promoted
    assert "do not read better (2.44 → 2.91" in worse.reason
    forgetful = judge(figures((2.91, 2.44), (2.0, 2.05)), ALLOWED)
    assert not forgetful.is_promoted
    assert "others lost too much (+0.050, where 0.02 is allowed)" in forgetful.reason


def test_a_small_gain_is_shown_with_enough_digits() -> None:
    assert "2.4412 → 2.4410" in judge(figures((2.4412, 2.4410)), ALLOWED).reason


def test_no_gain_is_no_promotion() -> None:
    assert not judge(figures((2.5, 2.5)), ALLOWED).is_promoted


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, None, "2.4", True, [2.4]])
@pytest.mark.parametrize("name", ["new_songs", "others"])
@pytest.mark.parametrize("side", ["live", "candidate"])
def test_what_is_no_number_rejects(wrong: object, name: str, side: str) -> None:
    measured = figures((2.9, 2.4))
    measured[name][side] = wrong
    decision = judge(measured, ALLOWED)
    assert not decision.is_promoted
    assert "no figure" in decision.reason


@pytest.mark.parametrize("missing", [{}, {"new_songs": None}, {"new_songs": {}}, {"others": 3}])
def test_what_is_missing_rejects(missing: dict[str, Any]) -> None:
    assert not judge(missing, ALLOWED).is_promoted

"""Plans that are impossible say so."""

import pytest

from model.evaluation.scheme import FREE
from model.search import VersePlan
from tests.model.search.helpers import plan


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"lines": 0}, "lines and num_candidates"),
        ({"num_candidates": 0}, "lines and num_candidates"),
        ({"seed": "two\nlines"}, "single line"),
    ],
)
def test_an_impossible_plan_cannot_be_made(bad: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=rf"{reason}.*\.$"):
        plan(**bad)


def test_a_plan_rhymes_only_where_it_is_told_how() -> None:
    assert isinstance(plan(), VersePlan)
    assert plan().scheme == FREE

"""A budget is read as typed, and a run spends all of it."""

import pytest

from model.comparison.budget import Budget
from model.config import TrainingConfig
from model.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "budget", "told"),
    [
        ("90s", Budget(seconds=90), "90 seconds"),
        ("5m", Budget(seconds=300), "5 minutes"),
        ("2.5m", Budget(seconds=150), "2.5 minutes"),
        ("2H", Budget(seconds=7200), "2 hours"),
        (" 2000u ", Budget(updates=2000), "2,000 updates"),
    ],
)
def test_a_budget_is_read_and_told_in_the_unit_that_suits(
    text: str, budget: Budget, told: str
) -> None:
    assert Budget.parse(text) == budget
    assert str(budget) == told


@pytest.mark.parametrize("text", ["", "5", "m", "5x", "-5m", "0s", "1.5u", "5m30s"])
def test_what_is_no_budget_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(ConfigError, match=r"budget|updates"):
        Budget.parse(text)


def test_only_the_budget_ends_a_run() -> None:
    config = TrainingConfig(**Budget.parse("5m").settings())
    assert (config.max_minutes, config.max_updates) == (5, 0)
    assert min(config.max_epochs, config.patience) > 1e6


def test_a_small_budget_is_not_spent_on_validations() -> None:
    counts = [
        Budget.parse(text).settings()["num_validations"] for text in ("20u", "250u", "9s", "5m")
    ]
    assert counts == [4, 10, 6, 20]

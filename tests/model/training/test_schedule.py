"""The learning rate rises to its highest, then falls and never rises again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.config import TrainingConfig
from model.training.schedule import learning_rate_at

CONFIG = TrainingConfig(learning_rate=0.01, final_learning_rate=0.0001, warmup_fraction=0.1)


def test_it_is_highest_at_the_end_of_the_warm_up_and_lowest_at_the_end() -> None:
    assert learning_rate_at(0.1, CONFIG) == pytest.approx(0.01)
    assert learning_rate_at(1.0, CONFIG) == pytest.approx(0.0001)


@given(st.floats(0, 0.1), st.floats(0, 0.1))
def test_it_rises_during_the_warm_up(one: float, other: float) -> None:
    assert learning_rate_at(min(one, other), CONFIG) <= learning_rate_at(max(one, other), CONFIG)


@given(st.floats(0.1, 1.5), st.floats(0.1, 1.5))
def test_it_falls_after_the_warm_up(one: float, other: float) -> None:
    assert learning_rate_at(min(one, other), CONFIG) >= learning_rate_at(max(one, other), CONFIG)


@given(st.floats(0, 2))
def test_a_step_is_never_of_no_size(progress: float) -> None:
    assert 0 < learning_rate_at(progress, CONFIG) <= CONFIG.learning_rate


def test_without_a_warm_up_it_begins_at_the_highest() -> None:
    config = TrainingConfig(learning_rate=0.01, warmup_fraction=0.0)
    assert learning_rate_at(0.0, config) == pytest.approx(0.01)

"""Impossible parameters are refused; strategies are what their names say."""

import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from model.sampling import STRATEGIES, SamplingParameters, SamplingRows


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", -0.1),
        ("temperature", 6.0),
        ("temperature", math.nan),
        ("top_k", -1),
        ("top_p", 0.0),
        ("top_p", 1.1),
        ("top_p", math.nan),
        ("typical_p", 0.0),
        ("typical_p", 1.1),
        ("typical_p", math.nan),
        ("repetition_penalty", 0.5),
        ("repetition_penalty", math.inf),
    ],
)
def test_impossible_parameters_are_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        SamplingParameters(**{name: value})  # type: ignore[arg-type]


parameters = st.builds(
    SamplingParameters,
    temperature=st.floats(0, 5),
    top_k=st.integers(0, 200),
    top_p=st.floats(0.01, 1),
    repetition_penalty=st.floats(1, 1000),
    typical_p=st.floats(0.01, 1),
    greedy_inside_lines=st.booleans(),
)


@given(parameters, parameters, st.integers(0, 3))
def test_a_row_takes_its_own_parameters_and_no_other_does(
    all_rows: SamplingParameters, own: SamplingParameters, row: int
) -> None:
    rows = SamplingRows.of([all_rows] * 4)
    rows.set_rows(torch.tensor([row]), [own])
    for index in range(4):
        expected = SamplingRows.of([own if index == row else all_rows])
        for values, value in zip(rows, expected, strict=True):
            assert values.dtype == value.dtype
            assert values[index] == value


def test_only_rows_that_are_greedy_inside_lines_lose_their_temperature_and_only_there() -> None:
    warm = SamplingParameters(temperature=1.5)
    rows = SamplingRows.of([warm] * 2 + [replace(warm, greedy_inside_lines=True)] * 2)
    there = rows.at(torch.tensor([True, False, True, False]))
    assert there.temperature.tolist() == [1.5, 1.5, 1.5, 0.0]
    assert rows.temperature.tolist() == [1.5] * 4


def test_only_what_is_drawn_and_not_cut_off_is_open() -> None:
    found = {name for name, each in STRATEGIES.items() if each.is_open}
    assert found == {"weighted", "combined"}


def test_every_strategy_of_the_tutorials_has_its_name() -> None:
    assert set(STRATEGIES) == {"greedy", "weighted", "top-n", "combined", "nucleus", "typical"}
    assert STRATEGIES["weighted"].temperature == 1
    assert all(each.repetition_penalty == 1 for each in STRATEGIES.values())
    assert [name for name, each in STRATEGIES.items() if each.greedy_inside_lines] == ["combined"]

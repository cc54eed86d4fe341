"""Impossible parameters are refused; strategies are what their names say."""

import math

import pytest
import torch

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
        ("repetition_penalty", 0.5),
        ("repetition_penalty", math.inf),
    ],
)
def test_impossible_parameters_are_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        SamplingParameters(**{name: value})  # type: ignore[arg-type]

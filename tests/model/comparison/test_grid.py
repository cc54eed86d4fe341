"""A grid holds every combination once, and nothing that cannot be."""

from typing import Any

import pytest

from model.comparison.budget import Budget
from model.comparison.grid import SETTINGS, Choice, build_grid, parse_values
from model.errors import ConfigError

BUDGET = Budget(updates=10)


def grid(shared: dict[str, Any] | None = None, /, **axes: str) -> list[Choice]:
    values = {name: parse_values(name, text) for name, text in axes.items()}
    return build_grid(values, {"vocab_size": 100, **(shared or {})}, 1, BUDGET)


def test_every_combination_is_there_once_and_named_by_what_varies() -> None:
    choices = grid(cell="rnn,gru,rnn", num_layers="1,2", unit="word")
    assert [choice.name for choice in choices] == [
        "rnn, num_layers 1",
        "rnn, num_layers 2",
        "gru, num_layers 1",
        "gru, num_layers 2",
    ]
    assert {choice.network.unit for choice in choices} == {"word"}


def test_a_single_network_is_named_by_its_cell() -> None:
    (choice,) = grid(cell="mogrifier")
    assert (choice.name, choice.columns) == ("mogrifier", {"network": "mogrifier"})


def test_settings_of_network_and_training_may_vary_and_be_shared() -> None:
    shared = {"hidden_size": 48, "batch_size": 4}
    choices = grid(shared, weight_dropout="0,0.2", learning_rate="1e-3,0.01", residual="true")
    assert [choice.training.learning_rate for choice in choices] == [0.001, 0.01] * 2
    assert [choice.network.weight_dropout for choice in choices] == [0, 0, 0.2, 0.2]
    assert all(choice.network.residual and choice.training.batch_size == 4 for choice in choices)


def test_auto_ties_embeddings_alone() -> None:
    tied = {
        choice.network.features: choice.network.tied_output
        for choice in grid(features="embedding,one-hot", tied_output="auto")
    }
    assert tied == {"embedding": True, "one-hot": False}


def test_one_network_under_two_names_is_trained_once() -> None:
    choices = grid(features="embedding,one-hot", tied_output="auto,false")
    assert [choice.name for choice in choices] == [
        "embedding, tied_output",
        "embedding, no tied_output",
        "one-hot, no tied_output",
    ]


@pytest.mark.parametrize(
    ("axes", "told"),
    [
        ({"cell": "rnn,tanh"}, "cell must be one of"),
        ({"num_layers": "two"}, "whole number"),
        ({"learning_rate": "fast"}, "a number"),
        ({"residual": "maybe"}, "true, false"),
        ({"num_layers": "0"}, "num_layers must be at least 1"),
        ({"features": "one-hot", "tied_output": "true"}, "no embedding to tie"),
        ({"max_minutes": "3"}, "follows from"),
        ({"cells": "rnn"}, "no setting"),
    ],
)
def test_what_cannot_be_is_refused(axes: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        grid(**axes)


def test_every_setting_that_can_vary_is_of_a_kind_that_can_be_typed() -> None:
    for name, field in SETTINGS.items():
        default = 100 if name == "vocab_size" else field.default
        assert parse_values(name, str(default).lower()) == (default,)

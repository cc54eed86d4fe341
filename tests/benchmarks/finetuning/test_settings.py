"""A study varies one thing at a time, around what was set."""

import argparse

import pytest

from benchmarks.finetuning.settings import parse_change, settings_of
from model.config import FinetuneConfig
from model.errors import ConfigError


def test_each_value_is_one_change_of_the_base() -> None:
    changes = [parse_change("learning_rate=1e-4,1e-3"), parse_change("interpolation=false")]
    settings = settings_of([parse_change("epochs=8")], changes)
    assert [setting.name for setting in settings] == [
        "epochs=8.0",
        "epochs=8.0 learning_rate=0.0001",
        "epochs=8.0 learning_rate=0.001",
        "epochs=8.0 interpolation=False",
    ]
    assert settings[1].config == FinetuneConfig(epochs=8, learning_rate=1e-4)
    assert settings[3].config == FinetuneConfig(epochs=8, interpolation=False)


def test_the_value_of_the_base_is_not_tried_twice() -> None:
    default = FinetuneConfig()
    settings = settings_of([], [parse_change(f"batch_size={default.batch_size},16")])
    assert [setting.name for setting in settings] == ["default", "batch_size=16"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("speed=3", "no setting 'speed'; choose from artist_learning_rate"),
        ("epochs", "'epochs' is not epochs= and values"),
        ("epochs=two", "'epochs=two' is not epochs= and values"),
        ("interpolation=maybe", "is not interpolation= and values"),
        ("batch_size=2.5", "is not batch_size= and values"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, reason: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=reason):
        parse_change(text)


def test_values_that_cannot_be_are_refused_before_anything_runs() -> None:
    with pytest.raises(ConfigError, match="replay_share"):
        settings_of([], [parse_change("replay_share=0.5,1.5")])

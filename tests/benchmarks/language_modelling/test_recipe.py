"""Every recipe builds, and what is wrong with one is said in a sentence."""

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
import torch

from benchmarks.equal_time import MINUTES
from benchmarks.language_modelling.recipe import FOLDER, read_recipe, recipe_names
from model.config import ModelConfig
from model.errors import ConfigError
from model.network.lyric_model import LyricModel
from tests.benchmarks.language_modelling.helpers import RECIPE, write_recipe

# Millions of weights that the comment of a recipe promises.
PROMISED = {"lstm-3m": 3.0, "awd-lstm": 13.6, "mogrifier": 23.1}


@pytest.mark.parametrize("name", recipe_names())
def test_a_shipped_recipe_builds_and_says_why(name: str) -> None:
    recipe = read_recipe(name, vocab_size=50)
    with torch.device("meta"):
        model = LyricModel(recipe.network)
    num_weights = sum(parameter.numel() for parameter in model.parameters())
    if name in PROMISED:
        assert num_weights / 1e6 == pytest.approx(PROMISED[name], abs=0.1)
    assert (FOLDER / f"{name}.toml").read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("name", recipe_names())
def test_a_shipped_recipe_leans_on_no_default_of_the_network(name: str) -> None:
    tables = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    left_to_the_text = {"vocab_size", "num_artists", "unit", "conditioning", "artist_size"}
    needed = {field.name for field in fields(ModelConfig)} - left_to_the_text
    if tables["network"]["cell"] != "mogrifier":
        needed -= {"mogrifier_rounds"}
    assert tables["network"].keys() == needed


@pytest.mark.parametrize("minutes", MINUTES)
def test_there_is_a_recipe_for_each_equal_time(minutes: int) -> None:
    assert read_recipe(f"shakespeare-{minutes}-minutes", 65).training.max_minutes == minutes


def test_a_recipe_may_be_a_file_and_its_training_may_be_changed(tmp_path: Path) -> None:
    recipe = read_recipe(str(write_recipe(tmp_path)), 30, max_minutes=7.0, seed=3)
    assert (recipe.name, recipe.network.vocab_size) == ("small", 30)
    assert (recipe.training.max_minutes, recipe.training.seed) == (7.0, 3)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[network", "no TOML"),
        ("[netwrk]\nhidden_size = 3", "netwrk"),
        (f"{RECIPE}\nlearning_speed = 1", "learning_speed"),
        ("[network]\nvocab_size = 3", "vocab_size"),
        ("[network]\nconditioning = 'film'", "conditioning"),
    ],
    ids=["not-toml", "table", "setting", "vocab-size", "fixed"],
)
def test_a_wrong_recipe_is_refused_by_name(text: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=complaint):
        read_recipe(str(write_recipe(tmp_path, text)), 30)


def test_an_unknown_recipe_names_those_there_are() -> None:
    with pytest.raises(ConfigError, match="lstm-3m"):
        read_recipe("lstm-4m", 30)

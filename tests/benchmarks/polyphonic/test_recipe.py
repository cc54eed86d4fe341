"""Every recipe builds, and what is wrong with one is said in a sentence."""

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
import torch

from benchmarks.polyphonic.command import DEFAULT_RECIPES
from benchmarks.polyphonic.datasets import DATASETS
from benchmarks.polyphonic.recipe import FOLDER, read_recipe, recipe_names
from model.config import FrameModelConfig
from model.errors import ConfigError
from model.network.frame_model import FrameModel
from tests.benchmarks.polyphonic.helpers import RECIPE, write_recipe


@pytest.mark.parametrize("name", recipe_names())
def test_a_shipped_recipe_builds_and_says_why(name: str) -> None:
    with torch.device("meta"):
        FrameModel(read_recipe(name).network)
    assert (FOLDER / f"{name}.toml").read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("name", recipe_names())
def test_a_shipped_recipe_leans_on_no_default_of_the_network(name: str) -> None:
    tables = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    left_to_the_set = {"num_artists", "num_keys", "conditioning", "artist_size"}
    needed = {field.name for field in fields(FrameModelConfig)} - left_to_the_set
    if tables["network"]["cell"] != "mogrifier":
        needed -= {"mogrifier_rounds"}
    if tables["network"]["output"] != "nade":
        needed -= {"nade_size"}
    assert tables["network"].keys() == needed


def test_each_set_has_a_recipe_to_begin_with() -> None:
    assert DEFAULT_RECIPES.keys() == DATASETS.keys()
    assert {*DEFAULT_RECIPES.values()} <= {*recipe_names()}


def test_a_recipe_may_be_a_file_and_its_training_may_be_changed(tmp_path: Path) -> None:
    recipe = read_recipe(str(write_recipe(tmp_path)), seed=3)
    assert (recipe.name, recipe.transpose, recipe.training.seed) == ("small", 1, 3)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[data]\nshuffle = true", "shuffle"),
        ("[data]\ntranspose = -1", "semitones"),
        ("[netwrk]\nhidden_size = 3", "netwrk"),
        (f"{RECIPE}\nlearning_speed = 1", "learning_speed"),
        ("[network]\nnum_keys = 3", "num_keys"),
    ],
    ids=["data", "transpose", "table", "setting", "fixed"],
)
def test_a_wrong_recipe_is_refused_by_name(text: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=complaint):
        read_recipe(str(write_recipe(tmp_path, text)))

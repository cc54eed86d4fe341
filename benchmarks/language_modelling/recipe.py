"""The recipes for texts: what a file says and what the text decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.learning import recipe as files
from model.config import ModelConfig, TrainingConfig
from model.errors import ConfigError

FOLDER = Path(__file__).parent / "recipes"

# What the text decides, and nobody else.
_FIXED = {"unit": "character", "conditioning": "none", "num_artists": 1}


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to train, and how."""

    name: str
    network: ModelConfig
    training: TrainingConfig


def recipe_names() -> list[str]:
    """Those that are shipped."""
    return files.recipe_names(FOLDER)


def read_recipe(name: str, vocab_size: int, **changes: float) -> Recipe:
    """The recipe called `name`, or the file of that path, for an alphabet of `vocab_size`.

    `changes` take the place of settings of its training. Raises ConfigError.
    """
    path = files.recipe_path(FOLDER, name)
    tables = files.read_tables(path, FOLDER)
    network: Mapping[str, Any] = tables.pop("network", {})
    training: Mapping[str, Any] = tables.pop("training", {})
    if tables or set(network) & {*_FIXED, "vocab_size"}:
        wrong = sorted(tables) or sorted(set(network) & {*_FIXED, "vocab_size"})
        raise ConfigError(
            f"A recipe has the tables [network] and [training], and leaves {', '.join(_FIXED)} and "
            f"vocab_size to the text; {path} also has {', '.join(wrong)}."
        )
    return Recipe(
        path.stem,
        ModelConfig.from_dict({**network, **_FIXED, "vocab_size": vocab_size}),
        TrainingConfig.from_dict({**training, **changes}),
    )

"""The recipes for piano rolls: what a file says and what the set decides."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.learning import recipe as files
from model.config import FrameModelConfig, TrainingConfig
from model.errors import ConfigError
from model.midi.roll import NUM_KEYS

FOLDER = Path(__file__).parent / "recipes"

# What the set decides, and nobody else.
_FIXED = {"conditioning": "none", "num_artists": 1, "num_keys": NUM_KEYS}


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to train, and how: on each training piece and on its transpositions by up to `transpose`
    semitones.
    """

    name: str
    transpose: int
    network: FrameModelConfig
    training: TrainingConfig

    def __post_init__(self) -> None:
        if not 0 <= self.transpose < NUM_KEYS:
            raise ConfigError(
                f"transpose must be a number of semitones below {NUM_KEYS}, not {self.transpose}."
            )


def recipe_names() -> list[str]:
    """Those that are shipped."""
    return files.recipe_names(FOLDER)


def read_recipe(name: str, **changes: float) -> Recipe:
    """The recipe called `name`, or the file of that path; `changes` take the place of settings of
    its training. Raises ConfigError.
    """
    path = files.recipe_path(FOLDER, name)
    tables = files.read_tables(path, FOLDER)
    data: dict[str, Any] = tables.pop("data", {})
    network: dict[str, Any] = tables.pop("network", {})
    training: dict[str, Any] = tables.pop("training", {})
    transpose = data.pop("transpose", 0)
    if wrong := sorted([*tables, *data, *(set(network) & set(_FIXED))]):
        raise ConfigError(
            "A recipe has the tables [data] (with transpose), [network] and [training], and leaves "
            f"{', '.join(_FIXED)} to the set; {path} also has {', '.join(wrong)}."
        )
    return Recipe(
        path.stem,
        transpose,
        FrameModelConfig.from_dict({**network, **_FIXED}),
        TrainingConfig.from_dict({**training, **changes}),
    )

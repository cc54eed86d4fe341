"""The grid of a comparison: which settings vary, and every network that follows."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, get_args

from model.comparison.budget import Budget
from model.config import ModelConfig, TrainingConfig
from model.errors import ConfigError

# The budget and the corpus say these.
_GIVEN = {
    "num_artists",
    "max_epochs",
    "max_minutes",
    "max_updates",
    "validations_per_epoch",
    "num_validations",
    "patience",
    "keep_checkpoints",
}
SETTINGS = {
    field.name: field
    for config in (ModelConfig, TrainingConfig)
    for field in fields(config)
    if field.name not in _GIVEN
}
"""Every setting that a comparison may vary or share, by name."""

AUTO = "auto"  # of tied_output: tied wherever there is an embedding to tie to
_SPEAKS_FOR_ITSELF = ("cell", "features", "unit")
_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Choice:
    """One network of a grid and how it is trained; `varied` tells it from the others."""

    varied: dict[str, Any]
    network: ModelConfig
    training: TrainingConfig

    @property
    def name(self) -> str:
        """What varies, as in "gru, one-hot, hidden_size 256"."""
        return ", ".join(map(_named, self.varied, self.varied.values())) or self.network.cell

    @property
    def columns(self) -> dict[str, str]:
        """What varies, one text each, or all of the name where nothing does."""
        texts = {name: as_text(value) for name, value in self.varied.items()}
        return texts or {"network": self.name}


def as_text(value: Any) -> str:
    """The value of a setting as a person would type it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def parse_values(name: str, text: str) -> tuple[Any, ...]:
    """The values of one setting out of a comma list; ConfigError for what it cannot be."""
    if name not in SETTINGS:
        known = "follows from the corpus or the budget" if name in _GIVEN else "is no setting"
        raise ConfigError(f"{name!r} {known}; a comparison can vary {', '.join(SETTINGS)}.")
    return tuple(dict.fromkeys(_parse(name, part.strip()) for part in text.split(",")))


def build_grid(
    axes: Mapping[str, Sequence[Any]], shared: Mapping[str, Any], num_artists: int, budget: Budget
) -> list[Choice]:
    """Every combination of the values of `axes`, each network once; ConfigError if one cannot be.

    `shared` are the settings that all have alike.
    """
    names = [field.name for field in fields(ModelConfig)]
    built: dict[tuple[ModelConfig, TrainingConfig], dict[str, Any]] = {}
    for values in itertools.product(*axes.values()):
        chosen = dict(zip(axes, values, strict=True))
        if chosen.get("tied_output") == AUTO:
            features = chosen.get("features", shared.get("features"))
            chosen["tied_output"] = features != "one-hot"
        both = {**shared, **chosen}
        network = {name: both.pop(name) for name in names if name in both}
        training = TrainingConfig(**{**both, **budget.settings()})
        built[ModelConfig(**{**network, "num_artists": num_artists}), training] = chosen
    varied = [name for name, values in axes.items() if len(values) > 1]
    return [
        Choice({name: chosen[name] for name in varied}, network, training)
        for (network, training), chosen in built.items()
    ]


def _parse(name: str, text: str) -> Any:
    kind: Any = SETTINGS[name].type
    choices = get_args(kind) or (_TRUTH if kind is bool else ())
    if choices:
        if name == "tied_output" and text == AUTO:
            return AUTO
        if text not in choices:
            raise ConfigError(f"{name} must be one of {', '.join(choices)}, not {text!r}.")
        return _TRUTH[text] if kind is bool else text
    try:
        return kind(text)
    except ValueError as error:
        whole = "a whole number" if kind is int else "a number"
        raise ConfigError(f"{name} must be {whole}, not {text!r}.") from error


def _named(setting: str, value: Any) -> str:
    if setting in _SPEAKS_FOR_ITSELF:
        return str(value)
    if isinstance(value, bool):
        return setting if value else f"no {setting}"
    return f"{setting} {as_text(value)}"

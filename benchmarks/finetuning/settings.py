"""The settings that a study compares: a base, and one change to it at a time."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from model.config import FinetuneConfig

Change = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    config: FinetuneConfig


def parse_change(text: str) -> Change:
    """NAME=VALUE,VALUE… of a field of `FinetuneConfig`, as an argument of the command line."""
    name, _, values = text.partition("=")
    kinds = {field.name: field.type for field in fields(FinetuneConfig)}
    if name not in kinds:
        raise argparse.ArgumentTypeError(
            f"there is no setting {name!r}; choose from {', '.join(kinds)}"
        )
    try:
        return name, [_parse(value, kinds[name]) for value in values.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not {name}= and values with commas between them"
        ) from None


def settings_of(base: Sequence[Change], variations: Sequence[Change]) -> list[Setting]:
    """The base, then each variation on its own: a grid of as many would take days.

    Raises ConfigError for values that cannot be.
    """
    set_values = {name: values[-1] for name, values in base}
    start = FinetuneConfig.from_dict(set_values)
    settings = [Setting(_name(set_values) or "default", start)]
    for name, values in variations:
        for value in values:
            if value != getattr(start, name):
                config = FinetuneConfig.from_dict({**asdict(start), name: value})
                settings.append(Setting(_name({**set_values, name: value}), config))
    return settings


def _name(values: dict[str, Any]) -> str:
    """As given, but for 0.0001 and 1e-4 being one."""
    return " ".join(f"{name}={value}" for name, value in values.items())


def _parse(text: str, kind: Any) -> Any:
    """Raises ValueError."""
    if kind is bool:
        return ("false", "true").index(text) == 1
    return kind(text)

"""Settings of the network and of training as options of the command line."""

import argparse
from dataclasses import Field
from typing import Any, get_args

_DEFAULTS = {"vocab_size": 4096}


def default_of(field: "Field[Any]") -> Any:
    """What a setting is where nobody says."""
    return _DEFAULTS.get(field.name, field.default)


def add_setting(
    parser: argparse.ArgumentParser | argparse._ArgumentGroup,
    field: "Field[Any]",
    default: Any = None,
    *,
    is_told: bool = True,
) -> None:
    """One option: a number, `--flag` or `--no-flag`, or a choice.

    Where not `is_told`, an option that was not given is not among what was parsed, so that it can
    be known from one that was.
    """
    name = "--" + field.name.replace("_", "-")
    if default is None:
        default = default_of(field)
    help_text = f"default {default}"
    if not is_told:
        default = argparse.SUPPRESS
    if field.type is bool:
        action = argparse.BooleanOptionalAction
        parser.add_argument(name, action=action, default=default, help=help_text)
    elif choices := get_args(field.type):
        parser.add_argument(name, choices=choices, default=default, help=help_text)
    else:
        kind = float if field.type is float else int
        parser.add_argument(name, type=kind, default=default, help=help_text)

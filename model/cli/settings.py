"""Settings of the network and of training as options of the command line."""

import argparse
from dataclasses import Field
from typing import Any, get_args

_DEFAULTS = {"vocab_size": 4096}


def add_setting(
    parser: argparse.ArgumentParser | argparse._ArgumentGroup,
    field: "Field[Any]",
    default: Any = None,
) -> None:
    """One option: a number, `--flag` or `--no-flag`, or a choice."""
    name = "--" + field.name.replace("_", "-")
    if default is None:
        default = _DEFAULTS.get(field.name, field.default)
    help_text = f"default {default}"
    if field.type is bool:
        action = argparse.BooleanOptionalAction
        parser.add_argument(name, action=action, default=default, help=help_text)
    elif choices := get_args(field.type):
        parser.add_argument(name, choices=choices, default=default, help=help_text)
    else:
        kind = float if field.type is float else int
        parser.add_argument(name, type=kind, default=default, help=help_text)

"""What every sub-command shares: where the settings and the data are, and how it fails."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import OperatorError

if TYPE_CHECKING:
    from bot.config import Config

PROJECT = Path(__file__).resolve().parents[2]

Commands = Any  # argparse's sub-parsers have no public name


def add_command(
    commands: Commands, name: str, help_text: str, act: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=help_text, description=f"{help_text[0].upper()}{help_text[1:]}."
    )
    add_places(parser)
    parser.set_defaults(act=act)
    return parser


def add_places(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="settings (default: Cypher's own config.toml)"
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=Path("data"),
        metavar="DIR",
        help="database, checkpoints and logs (default: data)",
    )


def read_config(arguments: argparse.Namespace) -> "Config":
    """Raises ConfigError with all problems at once."""
    from bot.config import load_config  # pydantic and SQLAlchemy: `health` needs neither

    shipped = PROJECT / "config.toml"
    path = arguments.config or (shipped if shipped.exists() else None)
    return load_config(path, arguments.data, os.environ)


def print_operator_error(error: OperatorError) -> None:
    print(error.message, file=sys.stderr)
    if error.remedy:
        print(error.remedy.lstrip(), file=sys.stderr)

"""health: whether a bot runs on this data folder and is well, for a container's health check."""

import argparse

from bot.cli.shared import Commands, add_command
from bot.telemetry.health import MAX_AGE_S, read_health


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "health", "say whether the bot on this data folder is well", act)
    parser.add_argument(
        "--max-age",
        type=float,
        default=MAX_AGE_S,
        metavar="SECONDS",
        help="how old its last sign of life may be (default: %(default)g)",
    )


def act(arguments: argparse.Namespace) -> int:
    status = read_health(arguments.data.expanduser().resolve(), arguments.max_age)
    print(status.message)
    return 0 if status.is_healthy else 1

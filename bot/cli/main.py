"""The whole command line, and how it ends."""

import argparse
import sys
from collections.abc import Sequence

from bot.cli import (
    artists,
    backup,
    check,
    db,
    health,
    importing,
    messages,
    restore,
    run,
    say,
    versions,
)
from bot.cli.shared import print_operator_error
from bot.errors import OperatorError

EXIT_STOPPED = 2
EXIT_INTERRUPTED = 130

_MODULES = (run, say, importing, check, db, backup, restore, versions, health, messages, artists)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="Cypher, a Discord bot that raps."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in _MODULES:
        module.add_parser(commands)
    return parser


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 well, 1 the answer is no, 2 it could not be done at all."""
    parsed = build_parser().parse_args(arguments)
    try:
        code: int = parsed.act(parsed)
    except OperatorError as error:
        print_operator_error(error)
        return EXIT_STOPPED
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return EXIT_INTERRUPTED
    return code

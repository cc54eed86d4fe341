"""`python -m model train | sample | evaluate | compare | plot | index | beats`: no bot needed."""

import argparse
import sys

from rich.console import Console

from model.cli import beats, compare, evaluate, index, plot, sample, train
from model.errors import ModelError

_COMMANDS = {
    "train": train,
    "sample": sample,
    "evaluate": evaluate,
    "compare": compare,
    "plot": plot,
    "index": index,
    "beats": beats,
}


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = argparse.ArgumentParser(prog="python -m model", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, command in _COMMANDS.items():
        help_text = (command.__doc__ or "").partition(": ")[2]
        command.add_arguments(commands.add_parser(name, help=help_text, description=help_text))
    return parser


def main() -> int:
    """Run one command; what goes wrong on purpose is one sentence on standard error."""
    args = build_parser().parse_args()
    console = Console(stderr=True)
    try:
        status: int = _COMMANDS[args.command].run(args, console)
    except ModelError as error:
        console.print(str(error), style="red", markup=False)
        return 2
    return status


if __name__ == "__main__":
    sys.exit(main())

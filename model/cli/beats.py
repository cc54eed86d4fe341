"""`python -m model beats`: train, sample and evaluate a model of piano rolls."""

import argparse

from rich.console import Console

from model.cli import beats_evaluate, beats_sample, beats_train

_COMMANDS = {"train": beats_train, "sample": beats_sample, "evaluate": beats_evaluate}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The three things to do, each with options of its own."""
    commands = parser.add_subparsers(dest="beats_command", required=True)
    for name, command in _COMMANDS.items():
        help_text = (command.__doc__ or "").partition(": ")[2]
        command.add_arguments(commands.add_parser(name, help=help_text, description=help_text))


def run(args: argparse.Namespace, console: Console) -> int:
    """Do what was asked for."""
    status: int = _COMMANDS[args.beats_command].run(args, console)
    return status

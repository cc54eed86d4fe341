"""run: the bot itself, on Discord with a token, else on a page of this machine."""

import argparse

from bot.cli.shared import Commands, add_command, read_config


def add_parser(commands: Commands) -> None:
    parser = add_command(
        commands, "run", "start the bot: on Discord with a token, else on a local page", act
    )
    parser.add_argument(
        "--port", type=int, metavar="PORT", help="of the local page (default: local.port)"
    )


def act(arguments: argparse.Namespace) -> int:
    config = read_config(arguments)
    if arguments.port is not None:
        local = config.local.model_copy(update={"port": arguments.port})
        config = config.model_copy(update={"local": local})
    from bot.cli.running import run_bot  # torch and discord.py: only once the settings are right

    run_bot(config)
    return 0

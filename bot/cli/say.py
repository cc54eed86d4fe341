"""say: one command through the whole bot, on a simulated Discord, and the reply as it is seen."""

import argparse
import asyncio
import json
from pathlib import Path

from bot.cli.shared import Commands, add_command, read_config


def add_parser(commands: Commands) -> None:
    parser = add_command(
        commands, "say", "type one command, as a member would, and print the reply", act
    )
    parser.add_argument("line", metavar="COMMAND", help="such as '/rap seed:slim artist:\"…\"'")
    parser.add_argument(
        "--as", dest="who", choices=("admin", "member"), default="member", help="who types it"
    )
    parser.add_argument(
        "--locale", default="en-US", help="the language of their Discord (default: %(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--rng-seed",
        type=int,
        metavar="N",
        help="make the verse or beat with this random seed",
    )
    parser.add_argument(
        "--save",
        type=Path,
        metavar="FOLDER",
        help="where the files of the reply are written (default: said, in the data folder)",
    )


def act(arguments: argparse.Namespace) -> int:
    config = read_config(arguments)
    from bot.cli.as_seen import as_seen  # the whole bot: other commands need not wait for it
    from bot.local import Speaker, say

    speaker = Speaker(is_admin=arguments.who == "admin", locale=arguments.locale)
    said = asyncio.run(
        say(config, arguments.line, speaker, rng_seed=arguments.rng_seed, folder=arguments.save)
    )
    if arguments.json:
        print(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        print(as_seen(said))
    return 1 if said["error"] else 0

"""say: one command through the whole bot, on a simulated Discord, and the reply as it is seen."""

import argparse
import asyncio
import json
import time
from typing import Any

from bot.cli.shared import Commands, add_command, read_config
from bot.config import Config


def add_parser(commands: Commands) -> None:
    parser = add_command(
        commands, "say", "type one command, as a member would, and print the reply", act
    )
    parser.add_argument("line", metavar="COMMAND", help="such as '/rap seed:slim artist:\"…\"'")
    parser.add_argument(
        "--as", dest="who", choices=("admin", "member"), default="member", help="who types it"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--rng-seed", type=int, metavar="N", help="make the verse with this random number seed"
    )


def act(arguments: argparse.Namespace) -> int:
    config = read_config(arguments)
    said = asyncio.run(
        _say(config, arguments.line, is_admin=arguments.who == "admin", rng_seed=arguments.rng_seed)
    )
    if arguments.json:
        print(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        from bot.cli.as_seen import as_seen

        print(as_seen(said))
    return 1 if said["error"] else 0


async def _say(
    config: Config, line: str, *, is_admin: bool, rng_seed: int | None
) -> dict[str, Any]:
    # The whole bot with torch and discord.py: seconds that no other sub-command should wait for.
    from bot.app import build
    from bot.cli.conversation import converse
    from bot.local import simulated_discord

    async with (
        build(config, console_level="ERROR", rng_seed=rng_seed) as app,
        simulated_discord(app) as world,
    ):
        started = time.perf_counter()
        said = await converse(app, world, line, is_admin=is_admin)
        return {**said, "elapsed_s": round(time.perf_counter() - started, 3)}

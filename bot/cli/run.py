"""run: the bot itself, on Discord with a token, else on a page of this machine."""

import argparse
import asyncio
import logging
import signal
from collections.abc import Coroutine
from typing import Any

from bot.cli.shared import Commands, add_command, read_config
from bot.config import Config

logger = logging.getLogger(__name__)


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
    asyncio.run(_run(config))
    return 0


async def _run(config: Config) -> None:
    from bot.app import build  # torch and discord.py: seconds that --help need not wait for

    async with build(config) as app:
        if config.discord.token is not None:
            from bot.gateway import stay_connected

            work = stay_connected(app, config.discord.token.get_secret_value())
        else:
            from bot.local import serve

            work = serve(app, _announce)
        await _until_stopped(work)


async def _until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Ends the work on SIGINT or SIGTERM, and leaves the time to close everything in order."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    stopped_by: list[str] = []

    def stop(name: str) -> None:
        stopped_by.append(name)
        task.cancel()

    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop, each.name)
    try:
        await task
    except asyncio.CancelledError:
        if not stopped_by:
            raise
        logger.info("Stopping on %s", stopped_by[0])


def _announce(address: str) -> None:
    print(f"Cypher is on a simulated Discord, at {address}", flush=True)
    print("Type /rap there. For a real server, set DISCORD_TOKEN. Ctrl+C stops.", flush=True)

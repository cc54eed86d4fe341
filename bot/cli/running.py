"""The bot's life in a process: built, connected or served, and closed in order on a signal."""

import asyncio
import gc
import importlib.util
import logging
import signal
from collections.abc import Coroutine
from typing import Any

import uvloop

from bot.app import App, build
from bot.config import Config
from bot.errors import OperatorError
from bot.gateway import stay_connected

logger = logging.getLogger(__name__)

_OBJECTS_BETWEEN_COLLECTIONS = 10_000  # Python's own number is 700


def run_bot(config: Config) -> None:
    """Until SIGINT or SIGTERM. Raises OperatorError for what keeps it from starting."""
    # Sockets and TLS in C take a quarter off what a crowd costs the event loop. The simulated
    # Discord has no sockets, and takes over the clock of asyncio's own loop.
    on_discord = config.discord.token is not None
    with asyncio.Runner(loop_factory=uvloop.new_event_loop if on_discord else None) as runner:
        runner.run(_run(config))


async def _run(config: Config) -> None:
    async with build(config) as app:
        _tune_garbage_collection()
        token = config.discord.token
        if token is not None:
            await _until_stopped(stay_connected(app, token.get_secret_value()))
        else:
            await _until_stopped(_serve_locally(app))


def _tune_garbage_collection() -> None:
    """Spares the event loop what the garbage collector would look through.

    What lives as long as the process (modules, tables, the model) is set aside: each full
    collection would look through all of it, for 0.15 s of processor time. What a crowd's requests
    hold is alive until they are answered, and looking through it often finds nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 10, 10)


def _serve_locally(app: App) -> Coroutine[Any, Any, None]:
    if importlib.util.find_spec("simcord") is None:
        raise OperatorError(
            "There is no token for Discord, and the local page needs simcord, which is missing.",
            'Set DISCORD_TOKEN, or install with pip install ".[local]".',
        )
    from bot.local import serve  # simcord: a server does not have it

    return serve(app, _announce)


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

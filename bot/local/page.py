"""The embedded default: the simulated Discord as a page on this machine."""

import asyncio
import contextlib
import mimetypes
from collections.abc import Callable
from typing import Any

import discord
import simcord

from bot.app import App
from bot.errors import OperatorError
from bot.local.world import World, simulated_discord
from bot.locale import Translator, translator
from bot.views.card import COLOUR

_SECONDS_BETWEEN_LOOKS = 1.0
_LOCALES = ("en-US", "zh-CN")


async def serve(app: App, announce: Callable[[str], None]) -> None:
    """Serves the page until cancelled or ended there; `announce` is given its address."""
    config = app.services.config.local
    # Else the page would take these files for sound, and find none in them.
    mimetypes.add_type("application/x-midi", ".mid")
    async with simulated_discord(app) as world:
        await _greet(app, world)
        viewers = [world.admin, *world.members]
        preview: Any = world.env.preview(
            world.channel, viewers=viewers, layout="channel", port=config.port
        )
        async with contextlib.AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(preview)
            except simcord.SetupError as error:
                raise OperatorError(
                    f"The local page cannot be served: {error}.",
                    "Stop what uses that port, or choose another one: run --port 0 takes any.",
                ) from error
            announce(preview.url)
            looking = asyncio.create_task(_show_background_edits(app, preview))
            try:
                await preview.wait_closed()
            finally:
                looking.cancel()
                await asyncio.gather(looking, return_exceptions=True)


async def _greet(app: App, world: World) -> None:
    if app.bot is not None:
        channel = app.bot.get_partial_messageable(world.channel.id)
        greeting = "\n\n".join(_greeting(translator(locale)) for locale in _LOCALES)
        await channel.send(embed=discord.Embed(description=greeting, colour=COLOUR))


def _greeting(_: Translator) -> str:
    return _(
        "**Welcome to Cypher.** This is a simulated Discord on your own machine.\n"
        "Type `/rap` below, give it a word, choose an artist, and press Enter. Then vote.\n"
        "*Viewing as*, above, makes you the admin or one of three members; Lin reads Chinese."
        " `/help` lists all commands."
    )


async def _show_background_edits(app: App, preview: Any) -> None:
    """Brings what the bot edits by itself, as during training or when a battle ends, to open pages.

    simcord publishes a page anew after each action. `preview.refresh()` would do it at any time,
    but it makes an action that comes in meanwhile fail for good, and the one after it stale; so
    this replaces the snapshots under their present revision.
    """
    from simcord.preview._snapshot import build_snapshot

    background = app.services.background
    num_seen = 0
    while True:
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        num_ended = background.num_ended
        if background.num_running or num_ended != num_seen:
            for page in tuple(preview._pages.values()):
                page.snapshot = build_snapshot(preview, page)
        num_seen = num_ended

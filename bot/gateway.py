"""Keeps the bot connected to Discord, through what goes wrong at the first attempt too."""

import asyncio
import logging

import aiohttp
import discord
from discord.backoff import ExponentialBackoff

from bot.app import App
from bot.commands import CypherBot
from bot.errors import DiscordError

logger = logging.getLogger(__name__)

# What may pass by itself: no network yet, Discord down, a proxy starting.
_PASSING = (
    OSError,
    TimeoutError,
    aiohttp.ClientError,
    discord.DiscordServerError,
    discord.GatewayNotFound,
)


_TOO_MANY_REQUESTS = 429


class _NotConnectedYet(Exception):
    """The first connection to the gateway failed, after which this client is of no more use."""


async def stay_connected(app: App, token: str) -> None:
    """Until cancelled. Raises DiscordError for what only the operator can mend."""
    backoff: ExponentialBackoff[bool] = ExponentialBackoff()
    while True:
        bot = app.new_bot()
        try:
            await _until_closed(bot, token)
        except (*_PASSING, _NotConnectedYet) as error:
            delay_s = backoff.delay()
            logger.warning("Discord cannot be reached (%s); again in %.0f s", error, delay_s)
            await asyncio.sleep(delay_s)
        else:
            return


async def _until_closed(bot: CypherBot, token: str) -> None:
    """Cancelled, it goes on reading while the bot finishes its work, to tell whoever comes late."""
    connecting = asyncio.create_task(_connect(bot, token), name="gateway")
    try:
        await asyncio.wait({connecting})
    finally:
        await bot.close()
        connecting.cancel()
        await asyncio.wait({connecting})
    connecting.result()


async def _connect(bot: CypherBot, token: str) -> None:
    try:
        await bot.login(token)
        await bot.connect()
    except discord.LoginFailure as error:
        raise DiscordError(
            "Discord does not accept the token.",
            "Copy the bot's token from https://discord.com/developers/applications into"
            " DISCORD_TOKEN.",
        ) from error
    except discord.Forbidden as error:
        raise DiscordError(
            f"Discord does not let the bot set up its commands: {error.text}.",
            "Invite it with the scope applications.commands to the servers in discord.guild_ids.",
        ) from error
    except discord.HTTPException as error:
        if error.status != _TOO_MANY_REQUESTS:
            raise
        raise _NotConnectedYet("too many requests from this address") from error
    except discord.PrivilegedIntentsRequired as error:
        raise DiscordError(
            "Discord asks for a privileged intent, which Cypher does not use.",
            "Check that DISCORD_TOKEN is that of Cypher's own application.",
        ) from error
    except discord.ConnectionClosed as error:
        raise DiscordError(
            f"Discord closed the connection for good (code {error.code}).",
            "Look the code up under “Gateway Close Event Codes” in Discord's documentation.",
        ) from error
    except AttributeError as error:
        # discord.py 2.7: the retry after a first failed connection reads a socket that never was
        # (Rapptz/discord.py#10520).
        if bot.ws is None:
            raise _NotConnectedYet("no answer from the gateway") from error
        raise

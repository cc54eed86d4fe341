"""Who is served: the one place that every command, suggestion, form and button asks."""

from typing import Protocol, cast

import discord

from bot.errors import Banned
from bot.store import Store
from bot.views.tally import name_of

# What members may always do: learn what is kept of them, and take it back.
_ALWAYS = frozenset({"about", "forget", "help", "mydata", "withdraw"})


class _HasStore(Protocol):
    store: Store


class _Client(Protocol):
    services: _HasStore


async def admit(interaction: discord.Interaction) -> None:
    """Raises Banned. Whoever manages the server is always served."""
    if interaction.guild_id is None or interaction.permissions.manage_guild:
        return
    asked_for = name_of(interaction).removeprefix("press ").split(" ")[0]
    bans = cast("_Client", interaction.client).services.store.bans
    if await bans.is_banned(interaction.guild_id, interaction.user.id) and asked_for not in _ALWAYS:
        raise Banned

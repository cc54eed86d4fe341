"""Who is served: the one place that every command, suggestion, form and button asks."""

from typing import Protocol, cast

import discord

from bot.errors import Banned, WrongChannel
from bot.store import GuildSettings, Store
from bot.views.cooldowns import start_cooldown
from bot.views.tally import name_of

# What members may always do: learn what is kept of them, and take it back.
_ALWAYS = frozenset({"about", "forget", "help", "mydata", "withdraw"})
# What a server may keep to some of its channels; the rest is for one member alone, or for admins.
_IN_CHANNELS = frozenset({"rap", "battle", "beat", "top", "artists", "submit", "submit-beat"})
_MAKES_SOMETHING = frozenset(
    {"rap", "battle", "again", "continue", "voice", "opponent", "beat", "beatagain", "beatmore"}
)


class _HasStore(Protocol):
    store: Store


class _Client(Protocol):
    services: _HasStore


async def admit(interaction: discord.Interaction) -> None:
    """Raises Banned, WrongChannel or TooSoon. Whoever manages the server is never banned."""
    guild_id = interaction.guild_id
    if guild_id is None:
        return
    asked_for = name_of(interaction).removeprefix("press ").split(" ")[0]
    store = cast("_Client", interaction.client).services.store
    can_be_banned = not interaction.permissions.manage_guild and asked_for not in _ALWAYS
    if can_be_banned and await store.bans.is_banned(guild_id, interaction.user.id):
        raise Banned
    if asked_for not in _IN_CHANNELS | _MAKES_SOMETHING:
        return
    settings = await store.guilds.get(guild_id)
    _require_channel(interaction, settings)
    is_asking = interaction.type is not discord.InteractionType.autocomplete
    if is_asking and asked_for in _MAKES_SOMETHING and settings.cooldown_s:
        start_cooldown(interaction, settings.cooldown_s)


def _require_channel(interaction: discord.Interaction, settings: GuildSettings) -> None:
    """A thread is where its channel is. Where all the channels are gone, every one will do."""
    parent_id = getattr(interaction.channel, "parent_id", None)
    if not settings.channel_ids or {interaction.channel_id, parent_id} & {*settings.channel_ids}:
        return
    guild = interaction.guild
    found = [guild.get_channel(each) for each in settings.channel_ids] if guild else []
    names = tuple(f"#{channel.name}" for channel in found if channel is not None)
    if names:
        raise WrongChannel(names)

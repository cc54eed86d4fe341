"""What managers do with artists who are not to be imitated here."""

import logging

import discord

from bot.errors import UnknownArtist
from bot.moderation import neutralise, plain
from bot.store import split_voice
from bot.views.language import translator_for
from bot.views.private import send_privately
from bot.views.services import services_of

logger = logging.getLogger(__name__)


async def remove_artist(
    interaction: discord.Interaction, typed: str, reason: str | None, guild_id: int
) -> None:
    """In this server, under the name as it is known; raises UnknownArtist, or RemovedArtist."""
    services, _ = services_of(interaction), translator_for(interaction)
    name, _owner = split_voice(services.generation.resolve_artist(typed, guild_id))
    why = plain(reason or "") or None
    await services.store.removals.add(name, guild_id, interaction.user.id, why)
    await services.removals.refresh()
    logger.info("Admin %d: an artist is removed, server %d", interaction.user.id, guild_id)
    said = _(
        "{artist} is removed from this server, and is in no list, in no verse, and what was"
        " handed in here is in no later training. `/artists restore:` takes that back."
    )
    await send_privately(interaction, content=said.format(artist=neutralise(name)))


async def restore_artist(interaction: discord.Interaction, typed: str, guild_id: int) -> None:
    """Raises UnknownArtist for one who was not removed by this server."""
    services, _ = services_of(interaction), translator_for(interaction)
    if not await services.store.removals.undo(typed, guild_id):
        raise UnknownArtist(plain(typed))
    await services.removals.refresh()
    logger.info("Admin %d: an artist is restored, server %d", interaction.user.id, guild_id)
    said = _("{artist} is back.").format(artist=neutralise(plain(typed)))
    await send_privately(interaction, content=said)

"""Whose voice a verse takes when nobody is named."""

import random

from bot.errors import ForgottenArtist, UnknownArtist
from bot.store import GuildSettings
from bot.views.services import Services

_NUM_LOVED = 5


async def usual_voice(services: Services, settings: GuildSettings, guild_id: int | None) -> str:
    """The server's usual artist, else one of its best-loved, each time another.

    Raises ForgottenArtist where nobody is known at all.
    """
    generation = services.generation
    if settings.default_voice is not None:
        try:
            return generation.resolve_voice(settings.default_voice, guild_id)
        except UnknownArtist:  # not of the live checkpoint: somebody else, then
            pass
    known = generation.artists(guild_id)
    loved = await services.store.artists.best_loved(_NUM_LOVED, guild_id)
    names = [name for name in loved if name in known] or known
    if not names:
        raise ForgottenArtist
    return generation.resolve_artist(random.Random(services.rng_seed).choice(names), guild_id)

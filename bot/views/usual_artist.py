"""Whose voice a verse takes when nobody is named."""

import random

from bot.errors import ForgottenArtist, RemovedArtist, UnknownArtist
from bot.store import GuildSettings
from bot.views.language import has_han
from bot.views.services import Services

_NUM_LOVED = 5


async def usual_voice(
    services: Services, settings: GuildSettings, guild_id: int | None, seed: str
) -> str:
    """The server's usual artist, else one of its best-loved, each time another; of those who write
    in the language of the seed, if there are any.

    Raises ForgottenArtist where nobody is known at all.
    """
    if chosen := _chosen(services, settings, guild_id):
        return chosen
    generation = services.generation
    known = generation.artists(guild_id)
    loved = await services.store.artists.best_loved(_NUM_LOVED, guild_id)
    fitting = [name for name in known if not seed or has_han(name) == has_han(seed)] or known
    names = [name for name in loved if name in fitting] or fitting
    if not names:
        raise ForgottenArtist
    return generation.resolve_artist(random.Random(services.rng_seed).choice(names), guild_id)


def _chosen(services: Services, settings: GuildSettings, guild_id: int | None) -> str | None:
    """None where the server has chosen nobody, or somebody who was removed or is not known now."""
    if settings.default_voice is None:
        return None
    try:
        return services.generation.resolve_voice(settings.default_voice, guild_id)
    except (UnknownArtist, RemovedArtist):
        return None

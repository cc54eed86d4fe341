"""/rap: a verse that opens with a member's words, in an artist's voice."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.commands import suggestions
from bot.errors import MoodAndTemperature, ShareWithoutMix
from bot.generation import FREE, Mix
from bot.moderation import normalise_seed
from bot.views.order import Order
from bot.views.performance import perform
from bot.views.services import services_of

_RHYMES = {
    "AABB": "AABB (couplets)",
    "ABAB": "ABAB (in turn)",
    "ABBA": "ABBA (one embraces the other)",
    "AAAA": "AAAA (all on one rhyme)",
    "ABCB": "ABCB (every other line)",
    FREE: "free (no rhyme)",
}
# Temperatures by name; None is that of the configuration.
_MOODS = {"calm": 0.5, "usual": None, "lively": 1.0, "wild": 1.3}
_ALL = 100


class Rap(commands.Cog):
    @app_commands.command(description="Write a verse that opens with your words")
    @app_commands.describe(
        seed="The words that the verse opens with",
        artist="Whose voice it takes; else that of the server's usual artist",
        rhyme="Which lines rhyme; else as the artist rhymes",
        mix="A second artist whose voice is mixed in",
        share="How much of the second artist, 0 to 100 per cent; else 50",
        lines="How many lines, 2 to 32",
        mood="How wild",
        temperature="How wild as a number, 0 to 2",
    )
    @app_commands.choices(
        rhyme=[app_commands.Choice(name=name, value=value) for value, name in _RHYMES.items()],
        mood=[app_commands.Choice(name=name, value=name) for name in _MOODS],
    )
    @app_commands.autocomplete(artist=suggestions.known_artists, mix=suggestions.known_artists)
    async def rap(  # noqa: PLR0913, PLR0917 - these are the options that Discord shows
        self,
        interaction: discord.Interaction,
        seed: str,
        artist: str | None = None,
        rhyme: str | None = None,
        mix: str | None = None,
        share: app_commands.Range[int, 0, _ALL] | None = None,
        lines: app_commands.Range[int, 2, 32] | None = None,
        mood: str | None = None,
        temperature: app_commands.Range[float, 0.0, 2.0] | None = None,
    ) -> None:
        limit = services_of(interaction).config.moderation.max_seed_characters
        first, mixed = _voices(artist, mix, share)
        order = Order(
            artist=first,
            seed=normalise_seed(seed, limit),
            num_lines=lines,
            temperature=_temperature(mood, temperature),
            scheme=rhyme,
            mix=mixed,
        )
        await perform(interaction, order)


def _voices(
    artist: str | None, mix: str | None, share: int | None
) -> tuple[str | None, Mix | None]:
    """Of a second artist who has nothing of the voice, or all of it, there is no mix."""
    if mix is None:
        if share is not None:
            raise ShareWithoutMix
        return artist, None
    if share == _ALL:
        return mix, None
    if share == 0:
        return artist, None
    return artist, Mix(artist=mix, share=_ALL // 2 if share is None else share)


def _temperature(mood: str | None, temperature: float | None) -> float | None:
    if mood is None:
        return temperature
    if temperature is not None:
        raise MoodAndTemperature
    return _MOODS[mood]

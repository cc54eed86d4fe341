"""What the buttons under a verse do."""

from typing import Annotated

import discord
from pydantic import Field

from bot.errors import ForgottenArtist
from bot.store import Subject, Verse
from bot.views.arguments import LEFT_OUT, Number
from bot.views.language import translator_for
from bot.views.order import Order, continuation, same_again
from bot.views.performance import perform
from bot.views.private import send_privately
from bot.views.services import rules_of, services_of, settings_of
from bot.views.unknown_artist import mix_of, seed_of, voice_of
from bot.views.why_card import question_about, why_card
from bot.views.works import require_shown

Lines = Annotated[Annotated[int, Field(ge=2, le=64)] | None, LEFT_OUT]
Temperature = Annotated[Annotated[float, Field(ge=0, le=2)] | None, LEFT_OUT]
Scheme = Annotated[Annotated[str, Field(pattern=r"^([A-Z]{1,64}|free)$")] | None, LEFT_OUT]
Share = Annotated[Annotated[int, Field(ge=0, le=100)] | None, LEFT_OUT]


async def again(interaction: discord.Interaction, verse_id: Number) -> None:
    await perform(interaction, same_again(await verse_here(interaction, verse_id)))


async def go_on(interaction: discord.Interaction, verse_id: Number) -> None:
    await perform(interaction, continuation(await verse_here(interaction, verse_id)))


async def why(interaction: discord.Interaction, verse_id: Number) -> None:
    """The verse's figures, for whoever pressed alone."""
    verse = await verse_here(interaction, verse_id)
    await interaction.response.defer(ephemeral=True, thinking=True)
    rules = rules_of(interaction, await settings_of(interaction))
    explanation = await services_of(interaction).generation.explain(question_about(verse))
    card = why_card(verse, explanation, rules, translator_for(interaction))
    await send_privately(interaction, embed=card)


async def voice(
    interaction: discord.Interaction,
    key: str,
    lines: Lines,
    temperature: Temperature,
    scheme: Scheme = None,
    mix_key: str = "",
    share: Share = None,
) -> None:
    """The seed of a refused /rap, in the voice of an artist that was offered instead.

    Buttons of before there were schemes lack those and the mix.
    """
    known = services_of(interaction).generation.artists(interaction.guild_id)
    artist = voice_of(key, known)
    if artist is None or interaction.message is None:
        raise ForgottenArtist
    order = Order(
        artist=artist,
        seed=seed_of(interaction.message),
        num_lines=lines,
        temperature=temperature,
        scheme=scheme,
        mix=mix_of(mix_key, share, known),
    )
    await perform(interaction, order)


async def verse_here(interaction: discord.Interaction, verse_id: int) -> Verse:
    """One of this server. Raises NoSuchVerse or HiddenVerse."""
    verse = await services_of(interaction).store.verses.get(verse_id)
    return require_shown(interaction, verse, Subject("verse", verse_id))

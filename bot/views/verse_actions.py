"""What the buttons under a verse do."""

from typing import Literal

import discord

from bot.errors import ForgottenArtist, HiddenVerse, NoSuchVerse
from bot.store import Verse
from bot.views.language import public_translator, translator_for
from bot.views.order import Order, continuation, same_again
from bot.views.performance import perform
from bot.views.private import send_privately
from bot.views.services import rules_of, services_of, settings_of
from bot.views.unknown_artist import mix_of, seed_of, voice_of
from bot.views.verse_card import verse_buttons
from bot.views.why_card import question_about, why_card


async def vote(interaction: discord.Interaction, way: str, verse_id: str) -> None:
    """A press counts, pressed again it is taken back; the buttons then show the new counts."""
    value: Literal[1, -1] = 1 if way == "up" else -1
    number = int(verse_id)
    services = services_of(interaction)
    votes = await services.store.votes.cast(
        number, interaction.user.id, value, guild_id=interaction.guild_id
    )
    services.metrics.vote(value)
    _ = public_translator(interaction, await settings_of(interaction))
    view = verse_buttons(number, votes, _)
    await interaction.response.edit_message(view=view)


async def again(interaction: discord.Interaction, verse_id: str) -> None:
    await perform(interaction, same_again(await _verse(interaction, int(verse_id))))


async def go_on(interaction: discord.Interaction, verse_id: str) -> None:
    await perform(interaction, continuation(await _verse(interaction, int(verse_id))))


async def why(interaction: discord.Interaction, verse_id: str) -> None:
    """The verse's figures, for whoever pressed alone."""
    verse = await _verse(interaction, int(verse_id))
    await interaction.response.defer(ephemeral=True, thinking=True)
    rules = rules_of(interaction, await settings_of(interaction))
    explanation = await services_of(interaction).generation.explain(question_about(verse))
    card = why_card(verse, explanation, rules, translator_for(interaction))
    await send_privately(interaction, embed=card)


async def voice(
    interaction: discord.Interaction,
    key: str,
    lines: str,
    temperature: str,
    scheme: str = "",
    *mix: str,
) -> None:
    """The seed of a refused /rap, in the voice of an artist that was offered instead.

    `mix` is a key and a share. Buttons of before there were schemes lack all of that.
    """
    known = services_of(interaction).generation.artists(interaction.guild_id)
    artist = voice_of(key, known)
    if artist is None or interaction.message is None:
        raise ForgottenArtist
    order = Order(
        artist=artist,
        seed=seed_of(interaction.message),
        num_lines=int(lines) if lines else None,
        temperature=float(temperature) if temperature else None,
        scheme=scheme or None,
        mix=mix_of(mix, known),
    )
    await perform(interaction, order)


async def _verse(interaction: discord.Interaction, verse_id: int) -> Verse:
    """One of this server."""
    verse = await services_of(interaction).store.verses.get(verse_id)
    if verse is None or verse.guild_id != interaction.guild_id:
        raise NoSuchVerse(verse_id)
    if verse.is_hidden:
        raise HiddenVerse
    return verse

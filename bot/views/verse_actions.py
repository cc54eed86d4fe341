"""What the buttons under a verse do."""

from typing import Literal

import discord

from bot.errors import NoSuchVerse, UnknownArtist
from bot.store import Verse
from bot.views.order import Order, continuation, same_again
from bot.views.performance import perform
from bot.views.services import services_of
from bot.views.texts import texts_for
from bot.views.unknown_artist import seed_of, voice_of
from bot.views.verse_card import verse_buttons


async def vote(interaction: discord.Interaction, way: str, verse_id: str) -> None:
    """A press counts, pressed again it is taken back; the buttons then show the new counts."""
    value: Literal[1, -1] = 1 if way == "up" else -1
    number = int(verse_id)
    votes = await services_of(interaction).store.votes.cast(number, interaction.user.id, value)
    view = verse_buttons(number, votes, texts_for(interaction.locale))
    await interaction.response.edit_message(view=view)


async def again(interaction: discord.Interaction, verse_id: str) -> None:
    await perform(interaction, same_again(await _verse(interaction, int(verse_id))))


async def go_on(interaction: discord.Interaction, verse_id: str) -> None:
    await perform(interaction, continuation(await _verse(interaction, int(verse_id))))


async def voice(interaction: discord.Interaction, key: str, lines: str, temperature: str) -> None:
    """The seed of a refused /rap, in the voice of an artist that was offered instead."""
    artist = voice_of(key, services_of(interaction).generation.artists())
    if artist is None or interaction.message is None:
        raise UnknownArtist("that artist")
    order = Order(
        artist=artist,
        seed=seed_of(interaction.message),
        num_lines=int(lines) if lines else None,
        temperature=float(temperature) if temperature else None,
    )
    await perform(interaction, order)


async def _verse(interaction: discord.Interaction, verse_id: int) -> Verse:
    verse = await services_of(interaction).store.verses.get(verse_id)
    if verse is None:
        raise NoSuchVerse(verse_id)
    return verse

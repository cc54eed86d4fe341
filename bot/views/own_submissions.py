"""What a member handed in, with a button to take each piece back."""

import discord

from bot.moderation import neutralise, plain
from bot.store import Lyrics
from bot.views.buttons import button, view_of
from bot.views.services import services_of
from bot.views.texts import Texts, texts_for
from bot.views.verse_card import COLOUR, Card

_NUM_SHOWN = 10


async def own_submissions(interaction: discord.Interaction) -> Card:
    """The latest ones that are not withdrawn."""
    texts = texts_for(interaction.locale)
    everything = await services_of(interaction).store.lyrics.of_member(interaction.user.id)
    present = [lyrics for lyrics in everything if lyrics.state != "withdrawn"]
    shown = present[: -_NUM_SHOWN - 1 : -1]
    if not shown:
        return Card(discord.Embed(description=texts.nothing_submitted, colour=COLOUR), view_of())
    lines = [texts.your_submissions, *(_line(lyrics, texts) for lyrics in shown)]
    buttons = [
        button("withdraw", lyrics.id, label=texts.withdraw.format(number=lyrics.id))
        for lyrics in shown
    ]
    return Card(discord.Embed(description="\n".join(lines), colour=COLOUR), view_of(*buttons))


async def withdraw(interaction: discord.Interaction, lyrics_id: str) -> None:
    lyrics = await services_of(interaction).store.lyrics.withdraw(
        int(lyrics_id), submitter_id=interaction.user.id
    )
    card = await own_submissions(interaction)
    said = texts_for(interaction.locale).withdrawn.format(title=neutralise(lyrics.title))
    await interaction.response.edit_message(**{**card.as_message(), "content": said})


def _line(lyrics: Lyrics, texts: Texts) -> str:
    title, artist = neutralise(plain(lyrics.title)), neutralise(plain(lyrics.artist))
    state = texts.states.get(lyrics.state, lyrics.state)
    return f"**{lyrics.id}** · “{title}” · {artist} · {state}"

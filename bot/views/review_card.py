"""Submissions in review, one at a time: the words, where they are from, and the decision."""

import io

import discord

from bot.moderation import neutralise, plain
from bot.store import Lyrics
from bot.views.admins import require_admin
from bot.views.buttons import button, view_of
from bot.views.services import services_of
from bot.views.verse_card import COLOUR, Card, shortened

_MAX_DESCRIPTION = 4096
_MAX_TITLE = 256


async def next_in_review(interaction: discord.Interaction, after_id: int = 0) -> Card:
    """The first submission in review after that one; from the start where none is left."""
    lyrics_store = services_of(interaction).store.lyrics
    guild_id = interaction.guild_id
    found = await lyrics_store.pending(guild_id, limit=1, after_id=after_id)
    if not found and after_id:
        found = await lyrics_store.pending(guild_id, limit=1)
    if not found:
        return Card(_nothing_left(), view_of())
    return review_card(found[0], await lyrics_store.num_pending(guild_id))


def review_card(lyrics: Lyrics, num_pending: int) -> Card:
    shown = neutralise(lyrics.text)
    files: tuple[discord.File, ...] = ()
    if len(shown) > _MAX_DESCRIPTION:
        whole = io.BytesIO(lyrics.text.encode())
        files = (discord.File(whole, f"submission-{lyrics.id}.txt"),)
        shown = shortened(shown, "… all of it is attached.")
    title = f"{neutralise(plain(lyrics.artist))} – {neutralise(plain(lyrics.title))}"
    embed = discord.Embed(title=title[:_MAX_TITLE], description=shown, colour=COLOUR)
    embed.add_field(name="From", value=f"<@{lyrics.submitter_id}>")
    embed.add_field(name="Language", value=lyrics.language)
    embed.add_field(name="Characters", value=f"{len(lyrics.text):,}")
    embed.set_footer(text=f"submission {lyrics.id} · {num_pending} in review")
    view = view_of(
        button("review", "approve", lyrics.id, label="Approve", style=discord.ButtonStyle.success),
        button("review", "refuse", lyrics.id, label="Refuse", style=discord.ButtonStyle.danger),
        button("review", "next", lyrics.id, label="Next", is_enabled=num_pending > 1),
    )
    return Card(embed, view, files)


async def review(interaction: discord.Interaction, decision: str, lyrics_id: str) -> None:
    require_admin(interaction, "review submissions")
    number = int(lyrics_id)
    said = None
    if decision != "next":
        said = await _decide(interaction, number, approve=decision == "approve")
    card = await next_in_review(interaction, after_id=number)
    await interaction.response.edit_message(**{**card.as_message(), "content": said})


async def _decide(interaction: discord.Interaction, lyrics_id: int, *, approve: bool) -> str:
    lyrics = await services_of(interaction).store.lyrics.review(
        lyrics_id, approve, interaction.user.id, guild_id=interaction.guild_id
    )
    title, artist = neutralise(lyrics.title), neutralise(lyrics.artist)
    return f"{'✅ Approved' if approve else '❌ Refused'}: “{title}” by {artist}."


def _nothing_left() -> discord.Embed:
    return discord.Embed(
        title="Nothing is in review",
        description=(
            "What members hand in with /submit comes here. /retrain learns what you approved."
        ),
        colour=COLOUR,
    )

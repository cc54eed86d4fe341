"""Submissions in review, one at a time: the words, where they are from, and the decision."""

import io

import discord

from bot.locale import N_, Translator
from bot.moderation import neutralise, plain
from bot.store import Lyrics
from bot.views.admins import require_admin
from bot.views.arguments import Number
from bot.views.buttons import button, view_of
from bot.views.language import translator_for
from bot.views.services import services_of
from bot.views.verse_card import COLOUR, Card, shortened

_MAX_DESCRIPTION = 4096
_MAX_TITLE = 256


async def next_in_review(interaction: discord.Interaction, after_id: int = 0) -> Card:
    """The first submission in review after that one; from the start where none is left."""
    lyrics_store, _ = services_of(interaction).store.lyrics, translator_for(interaction)
    guild_id = interaction.guild_id
    found = await lyrics_store.pending(guild_id, limit=1, after_id=after_id)
    if not found and after_id:
        found = await lyrics_store.pending(guild_id, limit=1)
    if not found:
        return Card(_nothing_left(_), view_of())
    return review_card(found[0], await lyrics_store.num_pending(guild_id), _)


def review_card(lyrics: Lyrics, num_pending: int, _: Translator) -> Card:
    shown = neutralise(lyrics.text)
    files: tuple[discord.File, ...] = ()
    if len(shown) > _MAX_DESCRIPTION:
        whole = io.BytesIO(lyrics.text.encode())
        files = (discord.File(whole, f"submission-{lyrics.id}.txt"),)
        shown = shortened(shown, _("… all of it is attached."))
    title = f"{neutralise(plain(lyrics.artist))} – {neutralise(plain(lyrics.title))}"
    embed = discord.Embed(title=title[:_MAX_TITLE], description=shown, colour=COLOUR)
    embed.add_field(name=_("From"), value=f"<@{lyrics.submitter_id}>")
    embed.add_field(name=_("Language"), value=lyrics.language)
    embed.add_field(name=_("Characters"), value=f"{len(lyrics.text):,}")
    embed.set_footer(
        text=_("submission {number} · {count} in review").format(
            number=lyrics.id, count=num_pending
        )
    )
    view = view_of(
        button(
            "review", "approve", lyrics.id, label=_("Approve"), style=discord.ButtonStyle.success
        ),
        button("review", "refuse", lyrics.id, label=_("Refuse"), style=discord.ButtonStyle.danger),
        button("review", "next", lyrics.id, label=_("Next"), is_enabled=num_pending > 1),
    )
    return Card(embed, view, files)


async def review(interaction: discord.Interaction, decision: str, lyrics_id: Number) -> None:
    require_admin(interaction, N_("review submissions"))
    number = lyrics_id
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
    _ = translator_for(interaction)
    said = _("❌ Refused: “{title}” by {artist}.")
    if approve:
        said = _("✅ Approved: “{title}” by {artist}.")
    return said.format(title=title, artist=artist)


def _nothing_left(_: Translator) -> discord.Embed:
    return discord.Embed(
        title=_("Nothing is in review"),
        description=_(
            "What members hand in with /submit comes here. /retrain learns what you approved."
        ),
        colour=COLOUR,
    )

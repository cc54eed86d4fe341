"""/submit: hand in lyrics, typed into a form or as a text file."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.commands import suggestions
from bot.errors import BadLyrics
from bot.locale import N_
from bot.moderation import plain
from bot.views.language import translator_for
from bot.views.services import services_of
from bot.views.submit_modal import Submission, SubmitModal, submitter_of

_MAX_ARTIST = 80


class Submit(commands.Cog):
    @app_commands.command(description="Hand in lyrics that I may learn from")
    @app_commands.describe(artist="Whose lyrics; may be new", file="A text file with the words")
    @app_commands.autocomplete(artist=suggestions.any_artist)
    async def submit(
        self,
        interaction: discord.Interaction,
        artist: str,
        file: discord.Attachment | None = None,
    ) -> None:
        services = services_of(interaction)
        await services.submissions.admit(submitter_of(interaction))  # before anybody types
        submission = Submission(artist=_artist(artist), file=file)
        services.generation.removed.require_allowed(submission.artist, interaction.guild_id)
        if file is not None:
            _check_size(file, services.config.submissions.max_file_bytes)
        await interaction.response.send_modal(SubmitModal(submission, translator_for(interaction)))


def _artist(typed: str) -> str:
    artist = plain(typed)
    if not artist:
        raise BadLyrics(
            N_("The artist has no name that I can see. Type one, like artist:Edward Lear.")
        )
    if len(artist) > _MAX_ARTIST:
        raise BadLyrics(
            N_("The artist's name has {count} characters, and I take up to {limit}. Shorten it."),
            count=len(artist),
            limit=_MAX_ARTIST,
        )
    return artist


def _check_size(file: discord.Attachment, max_bytes: int) -> None:
    """By what Discord says of the file, so that a large one is never fetched."""
    if file.size > max_bytes:
        raise BadLyrics(
            N_(
                "The file has {kib:,.0f} KiB, and I take up to {limit:,.0f}."
                " Send one song at a time."
            ),
            kib=file.size / 1024,
            limit=max_bytes / 1024,
        )

"""/submit and /submit-beat: hand in lyrics, typed or as a text file, and beats as MIDI files."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.commands import suggestions
from bot.errors import BadLyrics
from bot.locale import N_
from bot.moderation import plain
from bot.store import LessonKind
from bot.views.language import translator_for
from bot.views.services import services_of
from bot.views.submit_modal import Submission, SubmitModal, submitter_of

_MAX_NAME = 80
_NO_NAME: dict[LessonKind, str] = {
    "lyrics": N_("The artist has no name that I can see. Type one, like artist:Edward Lear."),
    "beats": N_("The style has no name that I can see. Type one, like style:waltz."),
}


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
        await _ask(interaction, "lyrics", artist, file)

    @app_commands.command(
        name="submit-beat", description="Hand in a beat, as a MIDI file, that I may learn from"
    )
    @app_commands.describe(
        style="What kind of music it is; may be new", file="A MIDI file with the notes (.mid)"
    )
    @app_commands.autocomplete(style=suggestions.any_style)
    async def submit_beat(
        self, interaction: discord.Interaction, style: str, file: discord.Attachment
    ) -> None:
        await _ask(interaction, "beats", style, file)


async def _ask(
    interaction: discord.Interaction,
    kind: LessonKind,
    name: str,
    file: discord.Attachment | None,
) -> None:
    """For title and consent, and for words that are not in a file."""
    services = services_of(interaction)
    await services.submissions.admit(submitter_of(interaction))  # before anybody types
    submission = Submission(kind=kind, artist=_name(kind, name), file=file)
    services.generation.removed.require_allowed(submission.artist, interaction.guild_id)
    if file is not None:
        _check_size(file, services.config.submissions.max_file_bytes)
    await interaction.response.send_modal(SubmitModal(submission, translator_for(interaction)))


def _name(kind: LessonKind, typed: str) -> str:
    name = plain(typed)
    if not name:
        raise BadLyrics(_NO_NAME[kind])
    if len(name) > _MAX_NAME:
        raise BadLyrics(
            N_("This name has {count} characters, and I take up to {limit}. Shorten it."),
            count=len(name),
            limit=_MAX_NAME,
        )
    return name


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

"""/top: the best-loved verses and beats of this server."""

from datetime import UTC, datetime, timedelta

import discord
from discord import app_commands
from discord.ext import commands

from bot.commands import suggestions
from bot.errors import ArtistOfBeats
from bot.locale import N_
from bot.moderation import neutralise
from bot.store import name_of
from bot.views.language import public_translator
from bot.views.services import rules_of, services_of, settings_of
from bot.views.top_list import top_beats, top_verses

_NUM_SHOWN = 5
_PERIODS = {"day": timedelta(days=1), "week": timedelta(weeks=1), "month": timedelta(days=30)}
_NAMES = {
    "day": N_("of the last day"),
    "week": N_("of the last week"),
    "month": N_("of the last month"),
    "all": N_("of all time"),
}


class Top(commands.Cog):
    @app_commands.command(description="Show the best-loved verses or beats of this server")
    @app_commands.describe(
        artist="Only in this voice",
        period="Only what was made in this time",
        what="Verses, or beats",
        style="Only beats in this style",
    )
    @app_commands.choices(
        period=[
            app_commands.Choice(name="day", value="day"),
            app_commands.Choice(name="week", value="week"),
            app_commands.Choice(name="month", value="month"),
            app_commands.Choice(name="all", value="all"),
        ],
        what=[
            app_commands.Choice(name="verses", value="verse"),
            app_commands.Choice(name="beats", value="beat"),
        ],
    )
    @app_commands.autocomplete(artist=suggestions.known_artists, style=suggestions.known_styles)
    async def top(
        self,
        interaction: discord.Interaction,
        artist: str | None = None,
        period: str = "all",
        what: str | None = None,
        style: str | None = None,
    ) -> None:
        """A style is one of beats, so with one there are beats."""
        if (what or ("beat" if style else "verse")) == "verse":
            embed = await _verses(interaction, artist, period)
        elif artist is not None:
            raise ArtistOfBeats
        else:
            embed = await _beats(interaction, style, period)
        await interaction.response.send_message(embed=embed)


async def _verses(
    interaction: discord.Interaction, artist: str | None, period: str
) -> discord.Embed:
    services, settings = services_of(interaction), await settings_of(interaction)
    _, guild_id, voice = public_translator(interaction, settings), interaction.guild_id, None
    if artist is not None:
        voice = services.generation.resolve_artist(artist, guild_id)
        artist = name_of(voice)
    ranked = await services.store.verses.top(
        voice, _since(period), limit=_NUM_SHOWN, guild_id=guild_id
    )
    heading = _("Best-loved verses {period}")
    if artist is not None:
        heading = _("Best-loved verses in the style of {artist} {period}")
    title = heading.format(period=_(_NAMES[period]), artist=neutralise(artist or ""))
    return top_verses(ranked, title, rules_of(interaction, settings), _)


async def _beats(interaction: discord.Interaction, style: str | None, period: str) -> discord.Embed:
    services, settings = services_of(interaction), await settings_of(interaction)
    _ = public_translator(interaction, settings)
    heading = _("Best-loved beats {period}")
    if style is not None:
        style = services.generation.beats.resolve_style(style, interaction.guild_id)
        heading = _("Best-loved beats in the style of {artist} {period}")
    ranked = await services.store.beats.top(
        style, _since(period), limit=_NUM_SHOWN, guild_id=interaction.guild_id
    )
    title = heading.format(period=_(_NAMES[period]), artist=neutralise(name_of(style or "")))
    return top_beats(ranked, title, _)


def _since(period: str) -> datetime | None:
    return datetime.now(UTC) - _PERIODS[period] if period in _PERIODS else None

"""/top: the best-loved verses of this server."""

from datetime import UTC, datetime, timedelta

import discord
from discord import app_commands
from discord.ext import commands

from bot.commands import suggestions
from bot.locale import N_
from bot.moderation import neutralise
from bot.store import name_of
from bot.views.language import public_translator
from bot.views.pages import top_list
from bot.views.services import rules_of, services_of, settings_of

_NUM_VERSES = 5
_PERIODS = {"day": timedelta(days=1), "week": timedelta(weeks=1), "month": timedelta(days=30)}
_NAMES = {
    "day": N_("of the last day"),
    "week": N_("of the last week"),
    "month": N_("of the last month"),
    "all": N_("of all time"),
}


class Top(commands.Cog):
    @app_commands.command(description="Show the best-loved verses of this server")
    @app_commands.describe(artist="Only in this voice", period="Only verses of this time")
    @app_commands.choices(
        period=[
            app_commands.Choice(name="day", value="day"),
            app_commands.Choice(name="week", value="week"),
            app_commands.Choice(name="month", value="month"),
            app_commands.Choice(name="all", value="all"),
        ]
    )
    @app_commands.autocomplete(artist=suggestions.known_artists)
    async def top(
        self, interaction: discord.Interaction, artist: str | None = None, period: str = "all"
    ) -> None:
        services, settings = services_of(interaction), await settings_of(interaction)
        _ = public_translator(interaction, settings)
        since = datetime.now(UTC) - _PERIODS[period] if period in _PERIODS else None
        guild_id, voice = interaction.guild_id, None
        if artist is not None:
            voice = services.generation.resolve_artist(artist, guild_id)
            artist = name_of(voice)
        ranked = await services.store.verses.top(voice, since, limit=_NUM_VERSES, guild_id=guild_id)
        heading = _("Best-loved verses {period}")
        if artist is not None:
            heading = _("Best-loved verses in the style of {artist} {period}")
        title = heading.format(period=_(_NAMES[period]), artist=neutralise(artist or ""))
        rules = rules_of(interaction, settings)
        await interaction.response.send_message(embed=top_list(ranked, title, rules, _))

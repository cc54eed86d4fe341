"""/artists: everybody whose voice the live checkpoint knows, and removing one on request."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.commands import suggestions
from bot.locale import N_
from bot.views.admins import require_manager
from bot.views.language import translator_for
from bot.views.pages import artists_page
from bot.views.removal_actions import remove_artist, restore_artist
from bot.views.services import services_of

_ACTION = N_("remove artists")
_MAX_CHOICES = 25
_MAX_REASON = 200


async def _removed(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    if not interaction.permissions.manage_guild:
        return []
    removals = await services_of(interaction).store.removals.all()
    names = [each.name for each in removals if each.guild_id == interaction.guild_id]
    found = [name for name in names if typed.casefold() in name.casefold() and len(name) <= 100]
    return [app_commands.Choice(name=name, value=name) for name in found[:_MAX_CHOICES]]


class Artists(commands.Cog):
    @app_commands.command(description="List the artists that I have learned")
    @app_commands.describe(
        remove="Whom nobody may ask for here any more (admins)",
        restore="Who may be asked for again (admins)",
        reason="Why, for the other admins",
    )
    @app_commands.autocomplete(remove=suggestions.known_artists, restore=_removed)
    async def artists(
        self,
        interaction: discord.Interaction,
        remove: str | None = None,
        restore: str | None = None,
        reason: app_commands.Range[str, 1, _MAX_REASON] | None = None,
    ) -> None:
        guild_id = interaction.guild_id
        if guild_id is not None and (remove or restore):
            require_manager(interaction, _ACTION)
            if remove:
                await remove_artist(interaction, remove, reason, guild_id)
            elif restore:
                await restore_artist(interaction, restore, guild_id)
            return
        known = services_of(interaction).generation.artists(guild_id)
        embed, view = artists_page(known, 0, translator_for(interaction))
        await interaction.response.send_message(embed=embed, view=view, ephemeral=True)

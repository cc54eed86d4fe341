"""/settings: what a server settles for itself."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.views.admins import require_manager
from bot.views.settings_actions import CHANGE, settings_view


class Settings(commands.Cog):
    @app_commands.command(description="Change what I may do in this server (admins)")
    @app_commands.default_permissions(manage_guild=True)
    async def settings(self, interaction: discord.Interaction) -> None:
        require_manager(interaction, CHANGE)
        await interaction.response.send_message(
            view=await settings_view(interaction), ephemeral=True
        )

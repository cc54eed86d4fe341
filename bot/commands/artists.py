"""/artists: everybody whose voice the live checkpoint knows."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.views.language import translator_for
from bot.views.pages import artists_page
from bot.views.services import services_of


class Artists(commands.Cog):
    @app_commands.command(description="List the artists that I have learned")
    async def artists(self, interaction: discord.Interaction) -> None:
        known = services_of(interaction).generation.artists(interaction.guild_id)
        embed, view = artists_page(known, 0, translator_for(interaction))
        await interaction.response.send_message(embed=embed, view=view, ephemeral=True)

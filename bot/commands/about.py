"""/help and /about: how to use the bot, what it is, and what it keeps."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.views.about import about_card, help_card


class About(commands.Cog):
    @app_commands.command(description="Show what I can do")
    async def help(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(embed=help_card(interaction), ephemeral=True)

    @app_commands.command(description="Say how I work, what I keep, and how to take it back")
    async def about(self, interaction: discord.Interaction) -> None:
        embed = await about_card(interaction)
        await interaction.response.send_message(embed=embed, ephemeral=True)

"""/withdraw: what a member handed in, and taking it back."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.views.own_submissions import own_submissions


class Withdraw(commands.Cog):
    @app_commands.command(description="See the lyrics and beats you handed in, and take them back")
    async def withdraw(self, interaction: discord.Interaction) -> None:
        card = await own_submissions(interaction)
        await interaction.response.send_message(**card.as_reply(), ephemeral=True)

"""/mydata: everything that is kept of a member, shown to them or forgotten."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.views.my_data import export_file, forget_question
from bot.views.private import send_privately


class MyData(commands.GroupCog, group_name="mydata", group_description="What I keep of you"):
    @app_commands.command(description="Get everything that I keep of you, as a file")
    async def export(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await send_privately(interaction, **await export_file(interaction))

    @app_commands.command(description="Have me forget you, at once and for good")
    async def forget(self, interaction: discord.Interaction) -> None:
        card = forget_question(interaction)
        await interaction.response.send_message(**card.as_reply(), ephemeral=True)

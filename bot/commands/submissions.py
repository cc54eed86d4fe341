"""/submissions: admins approve or refuse what was handed in."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.views.admins import require_reviewer
from bot.views.review_actions import next_in_review


class Submissions(commands.Cog):
    @app_commands.command(description="Review the lyrics that members handed in (admins)")
    async def submissions(self, interaction: discord.Interaction) -> None:
        await require_reviewer(interaction)
        card = await next_in_review(interaction)
        await interaction.response.send_message(**card.as_reply(), ephemeral=True)

"""/submissions: admins approve or refuse what was handed in."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.views.admins import require_reviewer
from bot.views.review_actions import next_in_review, show


class Submissions(commands.Cog):
    @app_commands.command(description="Review the lyrics and beats that members handed in (admins)")
    async def submissions(self, interaction: discord.Interaction) -> None:
        await require_reviewer(interaction)
        await show(interaction, await next_in_review(interaction))

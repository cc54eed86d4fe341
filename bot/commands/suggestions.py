"""Suggestions while a member types an option."""

import discord
from discord import app_commands

from bot.views.services import services_of

_NUM_CHOICES = 25
_MAX_CHOICE = 100


async def artists(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    found = services_of(interaction).generation.search_artists(typed, _NUM_CHOICES)
    return [
        app_commands.Choice(name=name, value=name) for name in found if len(name) <= _MAX_CHOICE
    ]

"""Who may do what only admins may."""

import discord

from bot.errors import NotAllowed, NotThisServer
from bot.views.services import services_of


def require_admin(interaction: discord.Interaction, action: str) -> None:
    """Raises NotAllowed. A server can open a command to everybody; what it does stays closed."""
    if not interaction.permissions.manage_guild:
        raise NotAllowed(action)


def require_trainer(interaction: discord.Interaction, action: str) -> None:
    """Of what changes the model, which all servers share. Raises NotAllowed or NotThisServer."""
    require_admin(interaction, action)
    servers = services_of(interaction).config.retraining.guild_ids
    if servers and interaction.guild_id not in servers:
        raise NotThisServer

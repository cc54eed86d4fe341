"""Who may do what only admins may."""

import discord

from bot.errors import NotAllowed


def require_admin(interaction: discord.Interaction, action: str) -> None:
    """Raises NotAllowed. A server can open a command to everybody; what it does stays closed."""
    if not interaction.permissions.manage_guild:
        raise NotAllowed(action)

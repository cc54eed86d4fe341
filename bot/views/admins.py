"""Who may do what only admins may."""

import discord

from bot.errors import NotAllowed, NotThisServer
from bot.locale import N_
from bot.views.services import services_of, settings_of


def require_admin(interaction: discord.Interaction, action: str) -> None:
    """Raises NotAllowed. A server can open a command to everybody; what it does stays closed."""
    if not interaction.permissions.manage_guild:
        raise NotAllowed(action)


async def require_moderator(interaction: discord.Interaction) -> None:
    """Whoever manages the server, or has its role for reviews. Raises NotAllowed."""
    await _require_role(interaction, N_("moderate what I say"))


async def require_reviewer(interaction: discord.Interaction) -> None:
    """The same, for what members hand in."""
    await _require_role(interaction, N_("review submissions"))


async def _require_role(interaction: discord.Interaction, action: str) -> None:
    role_id = (await settings_of(interaction)).review_role_id
    has_role = role_id is not None and role_id in {
        role.id for role in getattr(interaction.user, "roles", ())
    }
    if not has_role:
        require_admin(interaction, action)


def require_trainer(interaction: discord.Interaction, action: str) -> None:
    """Of what changes the model, which all servers share. Raises NotAllowed or NotThisServer."""
    require_admin(interaction, action)
    servers = services_of(interaction).config.retraining.guild_ids
    if servers and interaction.guild_id not in servers:
        raise NotThisServer

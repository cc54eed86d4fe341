"""Who may do what not every member may: who manages the server, or has one of its roles for it."""

import discord

from bot.errors import NotAllowed, NotThisServer
from bot.locale import N_
from bot.views.services import services_of, settings_of


def require_manager(interaction: discord.Interaction, action: str) -> None:
    """Raises NotAllowed. A server can open a command to everybody; what it does stays closed."""
    if not interaction.permissions.manage_guild:
        raise NotAllowed(action)


async def require_reviewer(interaction: discord.Interaction) -> None:
    """Of what members hand in. Raises NotAllowed."""
    await _require_review_role(interaction, N_("review submissions"))


async def require_moderator(interaction: discord.Interaction) -> None:
    """Of what members report: whoever may review. Raises NotAllowed."""
    await _require_review_role(interaction, N_("moderate what I say"))


async def require_trainer(interaction: discord.Interaction, action: str) -> None:
    """Of what changes the model, which all servers share. Raises NotAllowed or NotThisServer."""
    if not _has_role(interaction, (await settings_of(interaction)).retrain_role_id):
        require_manager(interaction, action)
    servers = services_of(interaction).config.retraining.guild_ids
    if servers and interaction.guild_id not in servers:
        raise NotThisServer


async def _require_review_role(interaction: discord.Interaction, action: str) -> None:
    if not _has_role(interaction, (await settings_of(interaction)).review_role_id):
        require_manager(interaction, action)


def _has_role(interaction: discord.Interaction, role_id: int | None) -> bool:
    member = interaction.user
    return (
        role_id is not None
        and isinstance(member, discord.Member)
        and member.get_role(role_id) is not None
    )

"""Counts and times what members did, and notes it in the log: names and numbers, no words."""

import logging
from typing import Any, Protocol, cast

import discord

from bot.telemetry.metrics import Metrics, Outcome

logger = logging.getLogger(__name__)


class HasMetrics(Protocol):
    metrics: Metrics


class Client(Protocol):
    """The bot, as far as counting needs it."""

    services: HasMetrics
    actions: dict[str, Any]


def tally(interaction: discord.Interaction, outcome: Outcome) -> None:
    """When an interaction has had its answer. The time counts from Discord's stamp on it."""
    name = name_of(interaction)
    elapsed = discord.utils.utcnow() - interaction.created_at
    seconds = max(0.0, elapsed.total_seconds())
    client = cast("Client", interaction.client)
    client.services.metrics.interaction(name, outcome, seconds)
    fields = {
        "interaction": interaction.id,
        "name": name,
        "outcome": outcome,
        "seconds": round(seconds, 3),
        "guild": interaction.guild_id,
        "user": interaction.user.id,
    }
    logger.debug("%s: %s after %.3f s", name, outcome, seconds, extra={"fields": fields})


def name_of(interaction: discord.Interaction) -> str:
    """Of the command, or of the button's action: one of few, as a label must be."""
    if interaction.command is not None:
        return interaction.command.qualified_name
    data = cast("dict[str, Any]", interaction.data or {})
    _, _, action, *_ = (*str(data.get("custom_id")).split(":"), "", "")
    is_known = action in cast("Client", interaction.client).actions
    return f"press {action}" if is_known else "form"

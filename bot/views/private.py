"""Replies that only one member sees, at whatever point the conversation stands."""

from typing import Any

import discord

_THINKING = "is_thinking"


async def think_in_public(interaction: discord.Interaction) -> int | None:
    """Acknowledges with "thinking…", which everybody sees, and gives us 15 minutes.

    The number of the message that says so and that the reply will be, where Discord tells it.
    """
    if interaction.response.is_done():  # taken up after a restart
        return None
    deferred = await interaction.response.defer(thinking=True)
    mark_thinking(interaction, is_thinking=True)
    return deferred.message_id if deferred else None


def is_thinking(interaction: discord.Interaction) -> bool:
    return bool(interaction.extras.get(_THINKING))


def mark_thinking(interaction: discord.Interaction, *, is_thinking: bool) -> None:
    interaction.extras[_THINKING] = is_thinking


async def stop_thinking(interaction: discord.Interaction, **message: Any) -> int:
    """Puts the reply in the place of "thinking…"; the number of the message that now is there."""
    sent = await interaction.edit_original_response(**message)
    mark_thinking(interaction, is_thinking=False)
    return sent.id


async def send_privately(interaction: discord.Interaction, **message: Any) -> None:
    """Sends an ephemeral reply, in the place of a public "thinking…" too."""
    if not interaction.response.is_done():
        await interaction.response.send_message(**message, ephemeral=True)
        return
    was_thinking = is_thinking(interaction)
    if was_thinking:
        # The first follow-up would become the public reply itself, so something else must be first.
        await interaction.edit_original_response(content="…", embeds=[], view=None)
    await interaction.followup.send(**message, ephemeral=True)
    if was_thinking:
        mark_thinking(interaction, is_thinking=False)
        await interaction.delete_original_response()

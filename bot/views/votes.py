"""👍 and 👎 under whatever members vote on."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

import discord

from bot.locale import Translator
from bot.store import VoteCount, VotedKind
from bot.views.arguments import Number
from bot.views.beat_card import beat_buttons
from bot.views.language import public_translator
from bot.views.services import services_of, settings_of
from bot.views.verse_card import verse_buttons

BUTTONS: Mapping[VotedKind, Callable[[int, VoteCount, Translator], discord.ui.View]] = (
    MappingProxyType({"verse": verse_buttons, "beat": beat_buttons})
)


async def vote(
    interaction: discord.Interaction,
    way: Literal["up", "down"],
    number: Number,
    kind: VotedKind = "verse",
) -> None:
    """A press counts, pressed again it is taken back; the buttons then show the new counts."""
    value: Literal[1, -1] = 1 if way == "up" else -1
    services = services_of(interaction)
    votes = await services.store.votes_on(kind).cast(
        number, interaction.user.id, value, guild_id=interaction.guild_id
    )
    services.metrics.vote(value)
    _ = public_translator(interaction, await settings_of(interaction))
    await interaction.response.edit_message(view=BUTTONS[kind](number, votes, _))

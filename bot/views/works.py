"""Verses, battles and beats alike: behind a button, and in the place of "thinking…"."""

from typing import TypeVar

import discord

from bot.store import Battle, Beat, Subject, Verse
from bot.views.card import Card
from bot.views.private import stop_thinking
from bot.views.services import services_of

AnyWork = TypeVar("AnyWork", bound=Verse | Battle | Beat)


def require_shown(
    interaction: discord.Interaction, found: AnyWork | None, subject: Subject
) -> AnyWork:
    """What was found of it, where it is of this server and not hidden.

    Raises what the subject is `missing` or `hidden` as.
    """
    if found is None or found.guild_id != interaction.guild_id:
        raise subject.missing()
    if found.is_hidden:
        raise subject.hidden()
    return found


async def answer_with(
    interaction: discord.Interaction, work: Verse | Beat, subject: Subject, card: Card
) -> None:
    """In the place of "thinking…"; where that is is stored, unless it was known before."""
    message_id = await stop_thinking(interaction, **card.as_message())
    if work.message_id is None and interaction.channel_id is not None:
        works = services_of(interaction).store.works(subject.kind)
        await works.set_message(work.id, interaction.channel_id, message_id)

"""What the buttons under a beat do, and 🎹 under a verse."""

import discord

from bot.store import Beat, Subject
from bot.views.arguments import Number
from bot.views.beat_order import beat_for, continuation, same_again
from bot.views.beat_performance import compose
from bot.views.services import services_of
from bot.views.verse_actions import verse_here
from bot.views.works import require_shown


async def for_verse(interaction: discord.Interaction, verse_id: Number) -> None:
    """A reply to the verse."""
    await compose(interaction, beat_for(await verse_here(interaction, verse_id)))


async def again(interaction: discord.Interaction, beat_id: Number) -> None:
    await compose(interaction, same_again(await _beat(interaction, beat_id)))


async def go_on(interaction: discord.Interaction, beat_id: Number) -> None:
    await compose(interaction, continuation(await _beat(interaction, beat_id)))


async def _beat(interaction: discord.Interaction, beat_id: int) -> Beat:
    """One of this server. Raises NoSuchBeat or HiddenBeat."""
    beat = await services_of(interaction).store.beats.get(beat_id)
    return require_shown(interaction, beat, Subject("beat", beat_id))

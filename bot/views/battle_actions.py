"""What the buttons of battles do."""

from typing import Annotated

import discord
from pydantic import Field

from bot.errors import BattleOver, ForgottenArtist
from bot.store import Side
from bot.views.arguments import Number
from bot.views.battle_card import result_of, vote_buttons
from bot.views.battle_performance import battle
from bot.views.battle_turns import BattleOrder
from bot.views.language import translator_for
from bot.views.private import send_privately
from bot.views.services import services_of
from bot.views.unknown_artist import seed_of, voice_of

Rounds = Annotated[int, Field(ge=2, le=4)]
Minutes = Annotated[int, Field(ge=1, le=60)]


async def vote(interaction: discord.Interaction, side: Side, battle_id: Number) -> None:
    """A press counts, pressed again it is taken back; the buttons then show the new counts."""
    battles = services_of(interaction).store.battles
    try:
        count = await battles.cast(
            battle_id, interaction.user.id, side, guild_id=interaction.guild_id
        )
    except BattleOver as over:
        await _tell_result(interaction, over)
        return
    await interaction.response.edit_message(view=vote_buttons(battle_id, count))


async def _tell_result(interaction: discord.Interaction, over: BattleOver) -> None:
    """To the member alone: the card may not show it yet, or be one that cannot be edited."""
    battles, _ = services_of(interaction).store.battles, translator_for(interaction)
    said = _.say(over.sentence)
    ended = await battles.get(over.battle_id)
    if ended is not None:
        count = await battles.count(over.battle_id)
        said = f"{result_of(ended, count, _)}\n{said}"
    await send_privately(interaction, content=said)


async def with_opponent(
    interaction: discord.Interaction, key_a: str, key_b: str, rounds: Rounds, minutes: Minutes
) -> None:
    """A refused /battle, with an artist that was offered instead."""
    known = services_of(interaction).generation.artists(interaction.guild_id)
    artist_a, artist_b = voice_of(key_a, known), voice_of(key_b, known)
    if artist_a is None or artist_b is None or interaction.message is None:
        raise ForgottenArtist
    order = BattleOrder(
        artist_a=artist_a,
        artist_b=artist_b,
        seed=seed_of(interaction.message),
        num_rounds=rounds,
        minutes=minutes,
    )
    await battle(interaction, order)

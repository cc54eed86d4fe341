"""What the buttons of battles do."""

from typing import cast

import discord

from bot.errors import BattleOver, ForgottenArtist
from bot.store import Side
from bot.views.battle_card import result_of, vote_buttons
from bot.views.battle_performance import battle
from bot.views.battle_turns import BattleOrder
from bot.views.language import translator_for
from bot.views.private import send_privately
from bot.views.services import services_of
from bot.views.unknown_artist import seed_of, voice_of


async def vote(interaction: discord.Interaction, side: str, battle_id: str) -> None:
    """A press counts, pressed again it is taken back; the buttons then show the new counts."""
    number = int(battle_id)
    battles = services_of(interaction).store.battles
    try:
        count = await battles.cast(
            number, interaction.user.id, cast("Side", side), guild_id=interaction.guild_id
        )
    except BattleOver as over:
        await _tell_result(interaction, over)
        return
    await interaction.response.edit_message(view=vote_buttons(number, count))


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
    interaction: discord.Interaction, key_a: str, key_b: str, rounds: str, minutes: str
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
        num_rounds=int(rounds),
        minutes=int(minutes),
    )
    await battle(interaction, order)

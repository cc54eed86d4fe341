"""/battle: two artists against each other on one theme, and the channel votes."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.commands import suggestions
from bot.moderation import normalise_seed
from bot.views.battle_performance import battle
from bot.views.battle_turns import BattleOrder
from bot.views.services import services_of

_NUM_ROUNDS = 3


class Battle(commands.Cog):
    @app_commands.command(description="Let two artists rap against each other, and vote")
    @app_commands.describe(
        artist_a="Who begins",
        artist_b="Who answers, in the same rhymes",
        seed="The theme: the words that both open with",
        rounds="How many rounds, 2 to 4",
        minutes="How long the vote is open, 1 to 60 minutes",
    )
    @app_commands.autocomplete(
        artist_a=suggestions.known_artists, artist_b=suggestions.known_artists
    )
    async def battle(
        self,
        interaction: discord.Interaction,
        artist_a: str,
        artist_b: str,
        seed: str,
        rounds: app_commands.Range[int, 2, 4] = _NUM_ROUNDS,
        minutes: app_commands.Range[int, 1, 60] | None = None,
    ) -> None:
        config = services_of(interaction).config
        order = BattleOrder(
            artist_a=artist_a,
            artist_b=artist_b,
            seed=normalise_seed(seed, config.moderation.max_seed_characters),
            num_rounds=rounds,
            minutes=config.battles.minutes if minutes is None else minutes,
        )
        await battle(interaction, order)

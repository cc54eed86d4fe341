"""/rap: a verse that opens with a member's words, in an artist's voice."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.commands import suggestions
from bot.moderation import normalise_seed
from bot.views.order import Order
from bot.views.performance import perform
from bot.views.services import services_of


class Rap(commands.Cog):
    @app_commands.command(description="Write a verse that opens with your words")
    @app_commands.describe(
        seed="The words that the verse opens with",
        artist="Whose voice it takes",
        lines="How many lines, 2 to 32",
        temperature="How wild, 0 to 2",
    )
    @app_commands.autocomplete(artist=suggestions.known_artists)
    async def rap(
        self,
        interaction: discord.Interaction,
        seed: str,
        artist: str,
        lines: app_commands.Range[int, 2, 32] | None = None,
        temperature: app_commands.Range[float, 0.0, 2.0] | None = None,
    ) -> None:
        limit = services_of(interaction).config.moderation.max_seed_characters
        order = Order(
            artist=artist,
            seed=normalise_seed(seed, limit),
            num_lines=lines,
            temperature=temperature,
        )
        await perform(interaction, order)

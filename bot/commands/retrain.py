"""/retrain and /training: let the model learn what was approved, and watch or stop it."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.locale import N_
from bot.views.admins import require_trainer
from bot.views.training_actions import announce, show_training


class Retrain(commands.Cog):
    @app_commands.command(description="Learn the lyrics, or the beats, that were approved (admins)")
    @app_commands.describe(kind="What to learn; else lyrics")
    @app_commands.choices(
        kind=[
            app_commands.Choice(name="lyrics", value="lyrics"),
            app_commands.Choice(name="beats", value="beats"),
        ]
    )
    async def retrain(
        self, interaction: discord.Interaction, kind: app_commands.Choice[str] | None = None
    ) -> None:
        await require_trainer(interaction, N_("start a training run"))
        await announce(interaction, "beats" if kind and kind.value == "beats" else "lyrics")

    @app_commands.command(description="Show the training run that is under way, or the last one")
    async def training(self, interaction: discord.Interaction) -> None:
        await show_training(interaction)

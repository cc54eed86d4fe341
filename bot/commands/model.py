"""/model: the versions of the model, going back to one of them, and keeping one for good."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.moderation import plain
from bot.views.admins import require_trainer
from bot.views.services import services_of
from bot.views.version_actions import (
    LOOK_AFTER,
    set_pin,
    show_comparison,
    show_versions,
    show_way_back,
)

_NUM_CHOICES = 25
_MAX_CHOICE = 100


async def _versions(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    found = [each.name for each in await services_of(interaction).versions.all()]
    return [
        app_commands.Choice(name=plain(name), value=name)
        for name in found
        if typed.casefold() in name.casefold() and 0 < len(name) <= _MAX_CHOICE
    ][:_NUM_CHOICES]


class Model(commands.Cog):
    model = app_commands.Group(
        name="model",
        description="The versions of the model, and the way back (admins)",
    )

    @model.command(
        description="List the versions: what each learned, measures, and how it is liked"
    )
    async def versions(self, interaction: discord.Interaction) -> None:
        await require_trainer(interaction, LOOK_AFTER)
        await show_versions(interaction)

    @model.command(description="Compare two versions: figures, votes, and verses of the same seeds")
    @app_commands.describe(first="One of them", second="The other; else the live one")
    @app_commands.autocomplete(first=_versions, second=_versions)
    async def compare(
        self, interaction: discord.Interaction, first: str, second: str | None = None
    ) -> None:
        await require_trainer(interaction, LOOK_AFTER)
        await show_comparison(interaction, first, second)

    @model.command(description="Make a version live again that was live before")
    @app_commands.describe(version="Which one; else the one before the live one")
    @app_commands.autocomplete(version=_versions)
    async def rollback(self, interaction: discord.Interaction, version: str | None = None) -> None:
        await require_trainer(interaction, LOOK_AFTER)
        await show_way_back(interaction, version)

    @model.command(description="Keep a version on disk for good")
    @app_commands.describe(version="Which one")
    @app_commands.autocomplete(version=_versions)
    async def pin(self, interaction: discord.Interaction, version: str) -> None:
        await require_trainer(interaction, LOOK_AFTER)
        await set_pin(interaction, version, is_pinned=True)

    @model.command(description="Let a version be removed when it is old")
    @app_commands.describe(version="Which one")
    @app_commands.autocomplete(version=_versions)
    async def unpin(self, interaction: discord.Interaction, version: str) -> None:
        await require_trainer(interaction, LOOK_AFTER)
        await set_pin(interaction, version, is_pinned=False)

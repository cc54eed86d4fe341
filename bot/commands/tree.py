"""The commands, and who is let in before any of them runs."""

from typing import Any

import discord
from discord import app_commands

from bot.errors import UserError
from bot.views.admission import admit
from bot.views.mistakes import reply_to_mistake


class AdmittingTree(app_commands.CommandTree[Any]):
    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Of suggestions too, which then are none: nothing can be said there."""
        try:
            await admit(interaction)
        except UserError as error:
            if interaction.type is discord.InteractionType.autocomplete:
                await interaction.response.autocomplete([])
            else:
                await reply_to_mistake(interaction, error)
            return False
        return True

"""In which language something is said."""

import discord

from bot.locale import Translator, translator


def translator_for(interaction: discord.Interaction) -> Translator:
    """For what only the member reads: their own language."""
    return translator(str(interaction.locale))


def public_translator(interaction: discord.Interaction) -> Translator:
    """For what the whole channel reads."""
    return translator(str(interaction.locale))

"""In which language something is said."""

import discord

from bot.locale import Translator, translator
from bot.store import GuildSettings


def translator_for(interaction: discord.Interaction) -> Translator:
    """For what only the member reads: their own language."""
    return translator(str(interaction.locale))


def public_translator(interaction: discord.Interaction, settings: GuildSettings) -> Translator:
    """For what the whole channel reads."""
    return translator(public_locale(interaction, settings))


def public_locale(interaction: discord.Interaction, settings: GuildSettings) -> str:
    """The server's language where it has chosen one, else that of whoever asked."""
    return settings.language or str(interaction.locale)


def has_han(text: str) -> bool:
    """Whether any of it is written as Chinese is."""
    return any("\u3400" <= character <= "\u9fff" for character in text)

"""What Discord itself shows of commands: their names, options, choices and descriptions."""

import discord
from discord import app_commands

from bot.locale import translator

Location = app_commands.TranslationContextLocation

# By context a word that names a command can be another than the same word in a sentence.
# Descriptions have none: they are sentences.
CONTEXTS = {
    Location.command_name: "command name",
    Location.group_name: "command name",
    Location.parameter_name: "option name",
    Location.choice_name: "choice",
}


class CatalogueTranslator(app_commands.Translator):
    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """None where the catalogue has nothing else to say than the code."""
        _, name = translator(str(locale)), CONTEXTS.get(context.location)
        said = _(string.message) if name is None else _.pgettext(name, string.message)
        return None if said == string.message else said

"""/words: what a server does not want said, beside the lists that everybody has."""

import logging

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import BadWord
from bot.locale import N_
from bot.moderation import plain
from bot.views.admins import require_manager
from bot.views.card import COLOUR
from bot.views.language import translator_for
from bot.views.private import send_privately
from bot.views.services import services_of, settings_of

logger = logging.getLogger(__name__)

_ACTION = N_("change what I may say")
_MIN_CHARACTERS, _MAX_CHARACTERS = 2, 40
_MAX_CHOICES = 25
_MAX_DESCRIPTION = 4000


async def _blocked(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    if not interaction.permissions.manage_guild:
        return []
    words = (await settings_of(interaction)).blocked_words
    found = [word for word in words if typed.casefold() in word.casefold()]
    return [app_commands.Choice(name=word, value=word) for word in found[:_MAX_CHOICES]]


class Words(commands.Cog):
    words = app_commands.Group(
        name="words",
        description="Words that I neither take nor say here (admins)",
        default_permissions=discord.Permissions(manage_guild=True),
    )

    @words.command(description="Block a word in this server, however it is spelt")
    @app_commands.describe(word="The word or words, plainly")
    async def add(self, interaction: discord.Interaction, word: str) -> None:
        require_manager(interaction, _ACTION)
        _, guild_id, typed = translator_for(interaction), interaction.guild_id or 0, _word(word)
        is_new = await services_of(interaction).store.words.add(
            guild_id, typed, interaction.user.id
        )
        logger.info("Admin %d: a word is blocked, server %d", interaction.user.id, guild_id)
        said = _("||{word}|| is blocked: I neither take nor say it here.")
        if not is_new:
            said = _("||{word}|| is blocked already.")
        await send_privately(interaction, content=said.format(word=typed))

    @words.command(description="Allow a word again that this server has blocked")
    @app_commands.describe(word="Which one")
    @app_commands.autocomplete(word=_blocked)
    async def remove(self, interaction: discord.Interaction, word: str) -> None:
        require_manager(interaction, _ACTION)
        _, guild_id, typed = translator_for(interaction), interaction.guild_id or 0, _word(word)
        was_there = await services_of(interaction).store.words.remove(guild_id, typed)
        logger.info("Admin %d: a word is allowed, server %d", interaction.user.id, guild_id)
        said = _("||{word}|| is allowed again, unless my own lists have it.")
        if not was_there:
            said = _("||{word}|| is not among the words of this server. See /words list.")
        await send_privately(interaction, content=said.format(word=typed))

    @words.command(description="List the words that this server has blocked")
    async def list(self, interaction: discord.Interaction) -> None:
        require_manager(interaction, _ACTION)
        _, words = translator_for(interaction), (await settings_of(interaction)).blocked_words
        said = "\n".join(f"||{word}||" for word in words)[:_MAX_DESCRIPTION]
        nothing = _("No word of your own is blocked here. /words add blocks one.")
        title = _("Words of this server")
        embed = discord.Embed(title=title, description=said or nothing, colour=COLOUR)
        await send_privately(interaction, embed=embed)


def _word(typed: str) -> str:
    """Letters, digits, spaces, hyphens and apostrophes; raises BadWord for all else."""
    word = plain(typed)
    letters = [each for each in word if each.isalnum()]
    is_plain = all(each.isalnum() or each in " -'’" for each in word)
    is_long_enough = len(letters) >= _MIN_CHARACTERS or any(each > "\u2e80" for each in letters)
    if not (is_plain and is_long_enough and len(word) <= _MAX_CHARACTERS):
        raise BadWord(
            N_("A blocked word has {least} to {most} letters or digits. Type it without signs."),
            least=_MIN_CHARACTERS,
            most=_MAX_CHARACTERS,
        )
    return word

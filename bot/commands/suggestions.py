"""Suggestions while a member types an option."""

import discord
from discord import app_commands

from bot.moderation import plain
from bot.store import fold_name
from bot.views.language import translator_for
from bot.views.services import services_of

_NUM_CHOICES = 25
_MAX_CHOICE = 100

Choices = list[app_commands.Choice[str]]


async def known_artists(interaction: discord.Interaction, typed: str) -> Choices:
    """Where all that was found are guesses, what was typed comes first: Enter takes the first."""
    found = _search(interaction, typed)
    parts = [fold_name(part) for part in plain(typed).split()]
    is_guess = not any(all(part in fold_name(name) for part in parts) for name in found)
    _ = translator_for(interaction)
    note = _("{artist} (not learned yet)")
    return _choices(found, plain(typed) if is_guess else "", note)


async def any_artist(interaction: discord.Interaction, typed: str) -> Choices:
    """What was typed comes first, unless it is the name of somebody known."""
    found = _search(interaction, typed)
    key = fold_name(plain(typed))
    is_new = bool(key) and not any(key == fold_name(name) for name in found)
    _ = translator_for(interaction)
    note = _("{artist} (new)")
    return _choices(found, plain(typed) if is_new else "", note)


async def any_style(interaction: discord.Interaction, typed: str) -> Choices:
    """The same of beats."""
    name = plain(typed)
    key, found = fold_name(name), _search_styles(interaction, typed)
    is_new = bool(key) and not any(key == fold_name(style) for style in found)
    _ = translator_for(interaction)
    return _choices(found, name if is_new else "", _("{artist} (new)"))


async def known_styles(interaction: discord.Interaction, typed: str) -> Choices:
    """Of beats."""
    return _choices(_search_styles(interaction, typed), "", "")


def _search_styles(interaction: discord.Interaction, typed: str) -> list[str]:
    styles = services_of(interaction).generation.beats.styles_in(interaction.guild_id)
    return [name for name in styles if fold_name(plain(typed)) in fold_name(name)]


def _search(interaction: discord.Interaction, typed: str) -> list[str]:
    generation = services_of(interaction).generation
    return generation.search_artists(typed, _NUM_CHOICES, interaction.guild_id)


def _choices(found: list[str], typed: str, note: str) -> Choices:
    first = [(note.format(artist=typed), typed)] if typed else []
    pairs = [*first, *((name, name) for name in found)]
    fitting = [pair for pair in pairs if max(map(len, pair)) <= _MAX_CHOICE]
    return [app_commands.Choice(name=name, value=value) for name, value in fitting[:_NUM_CHOICES]]

"""The texts that Discord itself shows of the commands, read off the commands."""

from collections.abc import Iterator
from typing import Any

from discord import app_commands

from bot.commands.client import COGS
from bot.commands.translator import CONTEXTS, Location

# As gettext has them: the context, where there is one, and the text.
Text = tuple[str | None, str]


def texts_of_commands() -> Iterator[Text]:
    for cog in (each() for each in COGS):
        if cog.app_command is not None:  # the group of a cog that is one
            yield from _texts_of(cog.app_command)
        for command in cog.walk_app_commands():
            yield from _texts_of(command)


def _texts_of(command: app_commands.Command[Any, Any, Any] | app_commands.Group) -> Iterator[Text]:
    yield CONTEXTS[Location.command_name], command.name
    yield None, command.description
    if isinstance(command, app_commands.Group):
        return
    for parameter in command.parameters:
        yield CONTEXTS[Location.parameter_name], parameter.name
        yield None, str(parameter.description)
        for choice in parameter.choices:
            yield CONTEXTS[Location.choice_name], choice.name

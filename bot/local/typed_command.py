"""A slash command as it is typed in chat, `/rap seed:slim artist:"Edward Lear"`, taken apart."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
from discord import app_commands

from bot.errors import OperatorError

_Type = discord.AppCommandOptionType
_TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True)
class TypedCommand:
    name: str
    options: Mapping[str, Any]


def parse(line: str, tree: app_commands.CommandTree[Any]) -> TypedCommand:
    """A value goes on to the next option's name, or to its closing quote. Raises OperatorError."""
    name, _, rest = line.strip().removeprefix("/").partition(" ")
    command = tree.get_command(name)
    if not isinstance(command, app_commands.Command):
        known = ", ".join(f"/{each.name}" for each in tree.get_commands())
        raise OperatorError(f"There is no command /{name}.", f"The commands are {known}.")
    parameters = {parameter.name: parameter for parameter in command.parameters}
    values = _values(rest.strip(), list(parameters), name)
    options = {key: _converted(value, parameters[key]) for key, value in values.items()}
    return TypedCommand(name, options)


def _values(rest: str, names: list[str], command: str) -> dict[str, str]:
    values: dict[str, str] = {}
    opening = re.compile(rf"\s*({'|'.join(map(re.escape, names)) or '(?!)'}):")
    while rest:
        found = opening.match(rest)
        if found is None:
            options = ", ".join(f"{name}:…" for name in names) or "none"
            raise OperatorError(
                f"“{rest}” is not an option of /{command}.", f"Its options are {options}."
            )
        values[found[1]], rest = _value(rest[found.end() :], opening)
    return values


def _value(text: str, opening: re.Pattern[str]) -> tuple[str, str]:
    """The first value in `text`, and what follows it."""
    if quoted := re.match(r'"((?:[^"\\]|\\.)*)"(?=\s|$)', text, re.DOTALL):
        return re.sub(r"\\(.)", r"\1", quoted[1]), text[quoted.end() :].strip()
    following = re.compile(rf"\s{opening.pattern}").search(text)
    end = following.start() if following else len(text)
    return text[:end].strip(), text[end:].strip()


def _converted(value: str, parameter: app_commands.Parameter) -> Any:
    try:
        if parameter.type is _Type.integer:
            return int(value)
        if parameter.type is _Type.number:
            return float(value)
        if parameter.type is _Type.boolean:
            return value.lower() in _TRUE
        if parameter.type is _Type.attachment:
            path = Path(value)
            return path.name, path.read_bytes()
    except ValueError:
        raise OperatorError(f"“{value}” is no number.", f"Give {parameter.name} as one.") from None
    except OSError as error:
        raise OperatorError(
            f"The file {value} cannot be read: {error.strerror}.", "Name another one."
        ) from None
    return value

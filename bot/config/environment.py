"""What the environment says: the secrets, and settings that may carry a password."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.config.lines import Keys
from bot.config.problems import Problem

TOKEN: Keys = ("discord", "token")
VARIABLES: Mapping[Keys, str] = {
    TOKEN: "DISCORD_TOKEN",
    ("discord", "proxy"): "DISCORD_PROXY",
    ("database", "url"): "CYPHER_DATABASE_URL",
}
_OURS = "DISCORD_", "CYPHER_"
_MAX_TOKEN_CHARACTERS = 1024
_PRINTABLE = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Environment:
    """`names` says which variable gave which of the `values`."""

    values: Mapping[Keys, Any]
    names: Mapping[Keys, str]
    problems: tuple[Problem, ...]


class _Unusable(Exception):
    """A token that cannot be had; the text is the sentence."""


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """What a child process may know."""
    return {name: value for name, value in environ.items() if not name.startswith(_OURS)}


def read_environment(environ: Mapping[str, str]) -> Environment:
    """Never raises. A variable that is set but empty counts as unset."""
    values: dict[Keys, Any] = {
        keys: environ[variable].strip()
        for keys, variable in VARIABLES.items()
        if keys != TOKEN and environ.get(variable, "").strip()
    }
    problems = []
    try:
        token = _token(environ)
    except _Unusable as error:
        problems.append(Problem("environment", None, str(error)))
    else:
        if token:
            values[TOKEN] = SecretStr(token)
    return Environment(values, {keys: VARIABLES[keys] for keys in values}, tuple(problems))


def _token(environ: Mapping[str, str]) -> str | None:
    token = environ.get("DISCORD_TOKEN", "").strip()
    file = environ.get("DISCORD_TOKEN_FILE", "").strip()
    if token and file:
        raise _Unusable("DISCORD_TOKEN and DISCORD_TOKEN_FILE are both set; unset one of them")
    if file:
        token = _read_token(Path(file).expanduser())
    if token and (len(token) > _MAX_TOKEN_CHARACTERS or not _PRINTABLE.fullmatch(token)):
        raise _Unusable(
            f"{'DISCORD_TOKEN_FILE' if file else 'DISCORD_TOKEN'} does not give a bot token;"
            " copy it again from the Bot page of your Discord application, without any other word"
        )
    return token or None


def _read_token(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            token = lines.read(_MAX_TOKEN_CHARACTERS * 2).strip()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _Unusable(
            f"DISCORD_TOKEN_FILE cannot be read ({path}: {reason});"
            " name a file that holds the token and that this user may read"
        ) from None
    if not token:
        raise _Unusable(f"DISCORD_TOKEN_FILE names an empty file ({path}); put the token into it")
    return token

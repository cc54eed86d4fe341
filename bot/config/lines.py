"""Where the settings stand in a TOML file, which tomllib does not tell."""

import tomllib
from collections.abc import Iterator
from typing import Any

Keys = tuple[str, ...]


def key_lines(text: str) -> dict[Keys, int]:
    """The line on which each key and each table of valid TOML begins, counted from 1.

    A statement (one header, or one key with its value) is the fewest lines that parse.
    """
    found: dict[Keys, int] = {}
    table: Keys = ()
    statement: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        statement.append(line)
        try:
            parsed = tomllib.loads("\n".join(statement))
        except tomllib.TOMLDecodeError:
            continue  # a value of several lines goes on
        first = number - len(statement) + 1
        if statement[0].lstrip().startswith("["):
            table = max(_paths(parsed), key=len)
            found.setdefault(table, first)
        else:
            for path in _paths(parsed):
                found.setdefault(table + path, first)
        statement.clear()
    return found


def _paths(value: Any) -> Iterator[Keys]:
    tables = value if isinstance(value, list) else [value]
    for each in tables:
        if isinstance(each, dict):
            for key, inner in each.items():
                yield (key,)
                yield from ((key, *rest) for rest in _paths(inner))

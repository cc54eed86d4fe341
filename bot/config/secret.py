"""Finds what looks like a secret in the parsed tables of config.toml."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.config.checks import has_password
from bot.config.lines import Keys

_SECRET_KEY = re.compile(r"token|secret|password|passwd|api_?key", re.IGNORECASE)


def secret_keys(tables: Mapping[str, Any]) -> list[Keys]:
    return list(_secret_keys(tables, ()))


def _secret_keys(tables: Mapping[str, Any], above: Keys) -> Iterator[Keys]:
    for key, value in tables.items():
        if isinstance(value, dict):
            yield from _secret_keys(value, (*above, key))
        elif _SECRET_KEY.search(key) or (isinstance(value, str) and has_password(value)):
            yield (*above, key)

"""The words of words.toml, folded as text will be."""

import functools
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.moderation.folding import fold


@dataclass(frozen=True, slots=True)
class WordLists:
    never: tuple[str, ...]
    explicit: tuple[str, ...]
    mild: tuple[str, ...]
    innocent: tuple[str, ...]
    broken: tuple[str, ...]


@functools.cache
def word_lists() -> WordLists:
    """Read once, when first asked for."""
    with (Path(__file__).parent / "words.toml").open("rb") as file:
        tables = tomllib.load(file)
    return WordLists(**{name: _folded(table.values()) for name, table in tables.items()})


def _folded(lists: Iterable[list[str]]) -> tuple[str, ...]:
    return tuple(fold(word) for words in lists for word in words)

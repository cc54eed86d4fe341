"""Whom nobody may ask for: by name, in one server or everywhere."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from bot.errors import RemovedArtist
from bot.generation.artists import key_of


@dataclass(frozen=True, slots=True)
class RemovedArtists:
    _keys: dict[int | None, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, removals: Iterable[tuple[str, int | None]]) -> Self:
        """From names, each with its server; None: everywhere."""
        keys: dict[int | None, set[str]] = {}
        for name, guild_id in removals:
            keys.setdefault(guild_id, set()).add(key_of(name))
        return cls({guild_id: frozenset(each) for guild_id, each in keys.items()})

    def __contains__(self, name_and_server: tuple[str, int | None]) -> bool:
        name, guild_id = name_and_server
        key = key_of(name)
        return any(key in self._keys.get(where, ()) for where in (None, guild_id))

    def require_allowed(self, name: str, guild_id: int | None) -> None:
        """Raises RemovedArtist, whether or not anybody of that name was ever learned."""
        if (name, guild_id) in self:
            raise RemovedArtist(name.strip())

    def concerns(self, guild_id: int | None) -> bool:
        """Whether this server has removed anybody itself."""
        return guild_id in self._keys

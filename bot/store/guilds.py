"""The settings of each server; defaults for one that never changed any."""

from dataclasses import dataclass
from typing import TypedDict, Unpack

from bot.store.database import Database
from bot.store.tables import GuildSettingsRow
from bot.store.types import utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildSettings:
    guild_id: int
    submissions_enabled: bool = True
    default_lines: int | None = None  # None: what the configuration says
    allow_explicit: bool = False


class GuildChanges(TypedDict, total=False):
    submissions_enabled: bool
    default_lines: int | None
    allow_explicit: bool


class GuildStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild_id: int) -> GuildSettings:
        async with self._database.reader() as session:
            row = await session.get(GuildSettingsRow, guild_id)
            return _settings(row) if row else GuildSettings(guild_id=guild_id)

    async def set(self, guild_id: int, **changes: Unpack[GuildChanges]) -> GuildSettings:
        """Changes the named settings and leaves the others as they are."""
        async with self._database.writer() as session:
            row = await session.get(GuildSettingsRow, guild_id)
            if row is None:
                row = GuildSettingsRow(
                    guild_id=guild_id,
                    submissions_enabled=True,
                    default_lines=None,
                    allow_explicit=False,
                )
                session.add(row)
            for name, value in changes.items():
                setattr(row, name, value)
            row.updated_at = utc_now()
            return _settings(row)


def _settings(row: GuildSettingsRow) -> GuildSettings:
    return GuildSettings(
        guild_id=row.guild_id,
        submissions_enabled=row.submissions_enabled,
        default_lines=row.default_lines,
        allow_explicit=row.allow_explicit,
    )

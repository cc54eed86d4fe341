"""Members whom the bot does not serve in one server."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from bot.store.database import Database
from bot.store.guild_tables import BanRow
from bot.store.types import utc_now

MAX_KEPT = 10_000  # servers


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    guild_id: int
    user_id: int
    banned_by: int
    reason: str | None
    created_at: datetime


class BanStore:
    """Every interaction asks, so who is banned is kept in memory. It is changed here alone."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[int, frozenset[int]] = {}  # the oldest first
        self._num_changes = 0

    async def is_banned(self, guild_id: int, user_id: int) -> bool:
        return user_id in await self._of(guild_id)

    async def add(
        self, guild_id: int, user_id: int, banned_by: int, reason: str | None = None
    ) -> bool:
        """Whether they were not banned before."""
        try:
            async with self._database.writer() as session:
                if await session.get(BanRow, (guild_id, user_id)):
                    return False
                row = BanRow(
                    guild_id=guild_id,
                    user_id=user_id,
                    banned_by=banned_by,
                    reason=reason,
                    created_at=utc_now(),
                )
                session.add(row)
                return True
        finally:
            self._forget(guild_id)

    async def remove(self, guild_id: int, user_id: int) -> bool:
        """Whether they were banned."""
        try:
            async with self._database.writer() as session:
                gone = await session.execute(
                    delete(BanRow)
                    .where(BanRow.guild_id == guild_id, BanRow.user_id == user_id)
                    .returning(BanRow.user_id)
                )
                return gone.first() is not None
        finally:
            self._forget(guild_id)

    async def newest(self, guild_id: int, limit: int) -> list[Ban]:
        """The newest first."""
        rows = (
            select(BanRow)
            .where(BanRow.guild_id == guild_id)
            .order_by(BanRow.created_at.desc())
            .limit(limit)
        )
        async with self._database.reader() as session:
            return [_ban(row) for row in await session.scalars(rows)]

    async def _of(self, guild_id: int) -> frozenset[int]:
        kept = self._kept.get(guild_id)
        if kept is not None:
            return kept
        num_changes = self._num_changes
        async with self._database.reader() as session:
            ids = select(BanRow.user_id).where(BanRow.guild_id == guild_id)
            banned = frozenset(await session.scalars(ids))
        if num_changes == self._num_changes:  # else what was read may be old by now
            if len(self._kept) >= MAX_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[guild_id] = banned
        return banned

    def _forget(self, guild_id: int) -> None:
        self._num_changes += 1
        self._kept.pop(guild_id, None)


def _ban(row: BanRow) -> Ban:
    return Ban(**{name: getattr(row, name) for name in Ban.__dataclass_fields__})

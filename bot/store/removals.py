"""Artists who were removed on request: in one server, or, by the operator, everywhere."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.store.artists import find_artist, get_or_create
from bot.store.database import Database
from bot.store.guild_tables import ArtistRemovalRow
from bot.store.tables import ArtistRow, LyricsRow
from bot.store.types import fold_name, utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """Whoever has this name is meant, a server's own artist as well as a shared one."""

    name: str
    guild_id: int | None  # None: everywhere
    removed_by: int | None  # None: the operator
    reason: str | None
    created_at: datetime


class RemovalStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        name: str,
        guild_id: int | None,
        removed_by: int | None = None,
        reason: str | None = None,
    ) -> bool:
        """Whether it is new. The name may be nobody's yet: then nobody will be taught under it."""
        async with self._database.writer() as session:
            if await _find(session, name, guild_id):
                return False
            artist = guild_id is not None and await find_artist(session, name, guild_id)
            session.add(
                ArtistRemovalRow(
                    artist=artist or await get_or_create(session, name),
                    guild_id=guild_id,
                    removed_by=removed_by,
                    reason=reason,
                    created_at=utc_now(),
                )
            )
            return True

    async def undo(self, name: str, guild_id: int | None) -> bool:
        """Whether there was one of exactly this server, or of the operator."""
        async with self._database.writer() as session:
            found = await _find(session, name, guild_id)
            for row in found:
                await session.delete(row)
            return bool(found)

    async def all(self) -> list[Removal]:
        """The oldest first."""
        async with self._database.reader() as session:
            rows = await session.scalars(select(ArtistRemovalRow).order_by(ArtistRemovalRow.id))
            return [
                Removal(
                    name=row.artist.name,
                    guild_id=row.guild_id,
                    removed_by=row.removed_by,
                    reason=row.reason,
                    created_at=row.created_at,
                )
                for row in rows
            ]

    async def withheld(self) -> list[str]:
        """Whose approved lyrics no training reads."""
        names = (
            select(ArtistRow.name)
            .join(LyricsRow, LyricsRow.artist_id == ArtistRow.id)
            .where(LyricsRow.state == "approved", is_withheld())
            .distinct()
            .order_by(ArtistRow.name)
        )
        async with self._database.reader() as session:
            return list(await session.scalars(names))


async def _find(session: AsyncSession, name: str, guild_id: int | None) -> list[ArtistRemovalRow]:
    rows = await session.scalars(
        select(ArtistRemovalRow)
        .join(ArtistRow, ArtistRow.id == ArtistRemovalRow.artist_id)
        .where(
            ArtistRow.key == fold_name(name),
            ArtistRemovalRow.guild_id.is_not_distinct_from(guild_id),
        )
    )
    return list(rows)


def removed_artists(guild_id: int | None) -> Select[int]:
    """The row numbers of all whom nobody may ask for in this server."""
    named, removal = aliased(ArtistRow), ArtistRemovalRow
    keys = (
        select(named.key)
        .join(removal, removal.artist_id == named.id)
        .where(or_(removal.guild_id.is_(None), removal.guild_id == guild_id))
    )
    return select(ArtistRow.id).where(ArtistRow.key.in_(keys))


def is_withheld() -> ColumnElement[bool]:
    """Of lyrics: they are of somebody who was removed, everywhere or where they were handed in.

    Shared lyrics stay in training while other servers hear the artist.
    """
    owner, named, removal = aliased(ArtistRow), aliased(ArtistRow), ArtistRemovalRow
    return (
        select(removal.id)
        .join(named, named.id == removal.artist_id)
        .join(owner, owner.key == named.key)
        .where(
            owner.id == LyricsRow.artist_id,
            or_(
                removal.guild_id.is_(None),
                removal.guild_id == owner.guild_id,
                removal.guild_id == LyricsRow.guild_id,
            ),
        )
        .correlate(LyricsRow)
        .exists()
    )

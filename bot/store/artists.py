"""Artists: one row for each name, however it is typed."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.database import Database
from bot.store.tables import ArtistRow, LyricsRow, VerseRow, VoteRow
from bot.store.types import fold_name, utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtistSummary:
    name: str
    num_lyrics: int  # approved ones
    num_verses: int  # without deleted ones


class ArtistStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def ensure(self, names: Iterable[str]) -> None:
        """Makes every name known, such as the artists of a checkpoint."""
        async with self._database.writer() as session:
            for name in names:
                await get_or_create(session, name)

    async def find(self, name: str) -> str | None:
        """The name as first written, for a name in any case, accents or punctuation."""
        async with self._database.reader() as session:
            artist = await find_artist(session, name)
            return artist.name if artist else None

    async def all(self) -> list[ArtistSummary]:
        num_lyrics = (
            select(func.count())
            .where(LyricsRow.artist_id == ArtistRow.id, LyricsRow.state == "approved")
            .scalar_subquery()
        )
        num_verses = (
            select(func.count())
            .where(VerseRow.artist_id == ArtistRow.id, VerseRow.deleted_at.is_(None))
            .scalar_subquery()
        )
        rows = select(ArtistRow.name, num_lyrics, num_verses).order_by(ArtistRow.key)
        async with self._database.reader() as session:
            return [
                ArtistSummary(name=name, num_lyrics=lyrics, num_verses=verses)
                for name, lyrics, verses in await session.execute(rows)
            ]

    async def best_loved(self, limit: int = 5, guild_id: int | None = None) -> list[str]:
        """Names by the net score of their verses, then by how many there are."""
        score = func.coalesce(func.sum(VoteRow.value), 0)
        num_verses = func.count(VerseRow.id.distinct())
        names = (
            select(ArtistRow.name)
            .join(VerseRow, VerseRow.artist_id == ArtistRow.id)
            .outerjoin(VoteRow, VoteRow.verse_id == VerseRow.id)
            .where(VerseRow.deleted_at.is_(None))
            .group_by(ArtistRow.id, ArtistRow.name)
            .order_by(score.desc(), num_verses.desc(), ArtistRow.name)
            .limit(limit)
        )
        if guild_id is not None:
            names = names.where(VerseRow.guild_id == guild_id)
        async with self._database.reader() as session:
            return list(await session.scalars(names))


async def find_artist(session: AsyncSession, name: str) -> ArtistRow | None:
    shared = ArtistRow.guild_id.is_(None)
    return await session.scalar(select(ArtistRow).where(shared, ArtistRow.key == fold_name(name)))


async def get_or_create(session: AsyncSession, name: str) -> ArtistRow:
    """Inside a writer. The first spelling of a name stays."""
    artist = await find_artist(session, name)
    if artist is None:
        if not (key := fold_name(name)):
            raise ValueError("An artist needs a name.")
        artist = ArtistRow(name=" ".join(name.split()), key=key, created_at=utc_now())
        session.add(artist)
        await session.flush()
    return artist

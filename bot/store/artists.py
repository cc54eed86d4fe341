"""Artists and styles: one row for each name, however it is typed, of a server or shared by all."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.database import Database
from bot.store.tables import ArtistRow, LessonKind, LyricsRow, VerseRow, VoteRow
from bot.store.types import fold_name, utc_now
from bot.store.voices import split_voice


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtistSummary:
    name: str
    num_lyrics: int  # approved ones
    num_verses: int  # without deleted ones


class ArtistStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def ensure(self, voices: Iterable[str], kind: LessonKind = "lyrics") -> None:
        """Makes every artist, or style, known, such as those of a checkpoint."""
        async with self._database.writer() as session:
            for voice in voices:
                await get_or_create(session, *split_voice(voice), kind)

    async def find(self, name: str, guild_id: int | None = None) -> str | None:
        """The name as first written, for a name in any case, accents or punctuation.

        Of the server's own artist, else of a shared one.
        """
        async with self._database.reader() as session:
            artist = await _find_visible(session, name, guild_id)
            return artist.name if artist else None

    async def find_id(self, voice: str) -> int | None:
        """The row number of exactly this artist."""
        async with self._database.reader() as session:
            artist = await find_artist(session, *split_voice(voice))
            return artist.id if artist else None

    async def all(self, guild_id: int | None = None) -> list[ArtistSummary]:
        """Those that a server sees: its own and the shared ones."""
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
        rows = (
            select(ArtistRow.name, num_lyrics, num_verses)
            .where(_is_visible(guild_id), ArtistRow.kind == "lyrics")
            .order_by(ArtistRow.key)
        )
        async with self._database.reader() as session:
            return [
                ArtistSummary(name=name, num_lyrics=lyrics, num_verses=verses)
                for name, lyrics, verses in await session.execute(rows)
            ]

    async def best_loved(self, limit: int = 5, guild_id: int | None = None) -> list[str]:
        """Names by the net score of their verses, then by how many there are.

        With `guild_id`, by the verses of that server alone.
        """
        score = func.coalesce(func.sum(VoteRow.value), 0)
        num_verses = func.count(VerseRow.id.distinct())
        names = (
            select(ArtistRow.name)
            .join(VerseRow, VerseRow.artist_id == ArtistRow.id)
            .outerjoin(VoteRow, VoteRow.verse_id == VerseRow.id)
            .where(VerseRow.deleted_at.is_(None), _is_visible(guild_id))
            .group_by(ArtistRow.id, ArtistRow.name)
            .order_by(score.desc(), num_verses.desc(), ArtistRow.name)
            .limit(limit)
        )
        if guild_id is not None:
            names = names.where(VerseRow.guild_id == guild_id)
        async with self._database.reader() as session:
            return list(dict.fromkeys(await session.scalars(names)))


def _is_visible(guild_id: int | None) -> ColumnElement[bool]:
    return or_(ArtistRow.guild_id.is_(None), ArtistRow.guild_id == guild_id)


async def find_artist(
    session: AsyncSession, name: str, guild_id: int | None, kind: LessonKind = "lyrics"
) -> ArtistRow | None:
    """Of exactly this server, or, without one, a shared artist."""
    is_theirs = ArtistRow.guild_id.is_not_distinct_from(guild_id)
    return await session.scalar(
        select(ArtistRow).where(is_theirs, ArtistRow.kind == kind, ArtistRow.key == fold_name(name))
    )


async def _find_visible(session: AsyncSession, name: str, guild_id: int | None) -> ArtistRow | None:
    own = await find_artist(session, name, guild_id)
    return own or await find_artist(session, name, None)


async def get_or_create(
    session: AsyncSession,
    name: str,
    guild_id: int | None = None,
    kind: LessonKind = "lyrics",
) -> ArtistRow:
    """Inside a writer. The first spelling of a name stays."""
    artist = await find_artist(session, name, guild_id, kind)
    if artist is None:
        if not (key := fold_name(name)):
            raise ValueError("An artist needs a name.")
        artist = ArtistRow(
            name=" ".join(name.split()),
            key=key,
            guild_id=guild_id,
            kind=kind,
            created_at=utc_now(),
        )
        session.add(artist)
        await session.flush()
    return artist

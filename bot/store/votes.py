"""Votes: at most one of each member on each verse."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NoSuchVerse
from bot.store.database import Database
from bot.store.removals import removed_artists
from bot.store.tables import ArtistRow, RunState, TrainingRunRow, VerseRow, VoteRow
from bot.store.types import utc_now
from bot.store.voices import voice_of


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteCount:
    up: int
    down: int
    own: Literal[1, -1, 0] = 0  # what the asking member's vote is; 0 for none

    @property
    def score(self) -> int:
        return self.up - self.down

    def after_press(self, value: Literal[1, -1]) -> "VoteCount":
        """A vote, a change of it, or, for the same button again, its withdrawal."""
        own: Literal[1, -1, 0] = 0 if value == self.own else value
        return VoteCount(
            up=self.up - (self.own == 1) + (own == 1),
            down=self.down - (self.own == -1) + (own == -1),
            own=own,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CastVote:
    """A vote as training sees it: on what, whose, and where."""

    verse_id: int
    artist: str  # the voice of it
    guild_id: int | None
    requester_id: int  # who asked for the verse
    user_id: int  # who voted
    value: Literal[1, -1]
    cast_at: datetime


class VoteStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def cast(
        self, verse_id: int, user_id: int, value: Literal[1, -1], *, guild_id: int | None = None
    ) -> VoteCount:
        """The press of a button; gives the count after it. With `guild_id`, only on that server's.

        One transaction. Raises NoSuchVerse for a verse that is unknown, deleted or hidden.
        """
        async with self._database.writer() as session:
            if guild_id is not None:
                row = await session.get(VerseRow, verse_id)
                if row is None or row.guild_id != guild_id:
                    raise NoSuchVerse(verse_id)
            before = await _count(session, verse_id, user_id)
            after = before.after_press(value)
            await _write(session, verse_id, user_id, before.own, after.own)
            return after

    async def count(self, verse_id: int, user_id: int | None = None) -> VoteCount:
        """Raises NoSuchVerse for a verse that is unknown or deleted."""
        async with self._database.reader() as session:
            return await _count(session, verse_id, user_id)

    async def untaught(self, limit: int, until: datetime | None = None) -> list[CastVote]:
        """The newest votes that no promoted run has learned from, newest first; a run that was
        rejected leaves its votes for the next one. `until` leaves out those that are newer.

        On verses that may still be read, in one voice: of a mix nobody knows whose part is meant.
        """
        columns = (
            VoteRow.verse_id,
            ArtistRow.name,
            ArtistRow.guild_id.label("owner_id"),
            VerseRow.guild_id,
            VerseRow.user_id.label("requester_id"),
            VoteRow.user_id,
            VoteRow.value,
            VoteRow.updated_at.label("cast_at"),
        )
        newest = (
            select(*columns)
            .join(VerseRow, VerseRow.id == VoteRow.verse_id)
            .join(ArtistRow, ArtistRow.id == VerseRow.artist_id)
            .where(*_teaches("promoted"))
            .order_by(VoteRow.updated_at.desc(), VoteRow.verse_id, VoteRow.user_id)
            .limit(limit)
        )
        if until is not None:
            newest = newest.where(VoteRow.updated_at <= until)
        async with self._database.reader() as session:
            return [_cast_vote(row._asdict()) for row in await session.execute(newest)]

    async def num_since_last_run(self) -> int:
        """How many were cast after those of the last run that came to a verdict."""
        count = (
            select(func.count())
            .select_from(VoteRow)
            .join(VerseRow, VerseRow.id == VoteRow.verse_id)
            .where(*_teaches("promoted", "rejected"))
        )
        async with self._database.reader() as session:
            return (await session.scalar(count)) or 0


def _cast_vote(values: dict[str, Any]) -> CastVote:
    return CastVote(artist=voice_of(values.pop("name"), values.pop("owner_id")), **values)


def _teaches(*states: RunState) -> tuple[ColumnElement[bool], ...]:
    """Votes on verses that may be read, newer than what runs with such an end have learned."""
    learned_until = select(func.max(TrainingRunRow.votes_until)).where(
        TrainingRunRow.state.in_(states)
    )
    never = datetime(1970, 1, 1, tzinfo=UTC)
    return (
        VerseRow.deleted_at.is_(None),
        VerseRow.hidden_at.is_(None),
        VerseRow.artist_id.not_in(removed_artists(None)),
        VerseRow.mix_artist_id.is_(None),
        VoteRow.updated_at > func.coalesce(learned_until.scalar_subquery(), never),
    )


def num_votes(value: Literal[1, -1]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((VoteRow.value == value, 1), else_=0)), 0)


async def _count(session: AsyncSession, verse_id: int, user_id: int | None) -> VoteCount:
    own = func.coalesce(func.sum(case((VoteRow.user_id == user_id, VoteRow.value), else_=0)), 0)
    counted = await session.execute(
        select(num_votes(1), num_votes(-1), own)
        .select_from(VerseRow)
        .outerjoin(VoteRow, VoteRow.verse_id == VerseRow.id)
        .where(VerseRow.id == verse_id, VerseRow.deleted_at.is_(None), VerseRow.hidden_at.is_(None))
        .group_by(VerseRow.id)
    )
    row = counted.one_or_none()
    if row is None:
        raise NoSuchVerse(verse_id)
    return VoteCount(up=row[0], down=row[1], own=row[2])


async def _write(
    session: AsyncSession,
    verse_id: int,
    user_id: int,
    before: Literal[1, -1, 0],
    after: Literal[1, -1, 0],
) -> None:
    now = utc_now()
    own = and_(VoteRow.verse_id == verse_id, VoteRow.user_id == user_id)
    if before == 0:
        await session.execute(
            insert(VoteRow).values(
                verse_id=verse_id, user_id=user_id, value=after, created_at=now, updated_at=now
            )
        )
    elif after == 0:
        await session.execute(delete(VoteRow).where(own))
    else:
        await session.execute(update(VoteRow).where(own).values(value=after, updated_at=now))

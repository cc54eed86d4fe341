"""Votes: at most one of each member on each verse."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NoSuchVerse
from bot.store.database import Database
from bot.store.tables import VerseRow, VoteRow
from bot.store.types import utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteCount:
    up: int
    down: int
    own: Literal[1, -1, 0] = 0  # what the asking member's vote is; 0 for none

    @property
    def score(self) -> int:
        return self.up - self.down


class VoteStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def cast(self, verse_id: int, user_id: int, value: Literal[1, -1]) -> VoteCount:
        """The press of a button: a vote, a change of it, or, pressed again, its withdrawal.

        One transaction. Raises NoSuchVerse for a verse that is unknown or deleted.
        """
        async with self._database.writer() as session:
            present = await _own_vote(session, verse_id, user_id)
            await _write(session, verse_id, user_id, present=present, pressed=value)
            own: Literal[1, -1, 0] = 0 if value == present else value
            return await _count(session, verse_id, own)

    async def count(self, verse_id: int, user_id: int | None = None) -> VoteCount:
        """Raises NoSuchVerse for a verse that is unknown or deleted."""
        async with self._database.reader() as session:
            own = await _own_vote(session, verse_id, user_id)
            return await _count(session, verse_id, own or 0)


async def _own_vote(
    session: AsyncSession, verse_id: int, user_id: int | None
) -> Literal[1, -1] | None:
    own = and_(VoteRow.verse_id == VerseRow.id, VoteRow.user_id == user_id)
    found = await session.execute(
        select(VerseRow.id, VoteRow.value)
        .outerjoin(VoteRow, own)
        .where(VerseRow.id == verse_id, VerseRow.deleted_at.is_(None))
    )
    row = found.one_or_none()
    if row is None:
        raise NoSuchVerse(verse_id)
    return row[1]


async def _write(
    session: AsyncSession,
    verse_id: int,
    user_id: int,
    *,
    present: Literal[1, -1] | None,
    pressed: Literal[1, -1],
) -> None:
    now = utc_now()
    own = and_(VoteRow.verse_id == verse_id, VoteRow.user_id == user_id)
    if present is None:
        await session.execute(
            insert(VoteRow).values(
                verse_id=verse_id, user_id=user_id, value=pressed, created_at=now, updated_at=now
            )
        )
    elif present == pressed:
        await session.execute(delete(VoteRow).where(own))
    else:
        await session.execute(update(VoteRow).where(own).values(value=pressed, updated_at=now))


async def _count(session: AsyncSession, verse_id: int, own: Literal[1, -1, 0]) -> VoteCount:
    up, down = num_votes(1), num_votes(-1)
    counted = await session.execute(select(up, down).where(VoteRow.verse_id == verse_id))
    num_up, num_down = counted.one()
    return VoteCount(up=num_up, down=num_down, own=own)


def num_votes(value: Literal[1, -1]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((VoteRow.value == value, 1), else_=0)), 0)

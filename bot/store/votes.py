"""Votes: at most one of each member on each verse, and on each beat."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.beat_tables import BeatVoteRow
from bot.store.database import Database
from bot.store.tables import VoteRow
from bot.store.types import utc_now
from bot.store.works import VotedWork


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
class Ranked:
    """A work in a list of the best."""

    up: int
    down: int

    @property
    def score(self) -> int:
        return self.up - self.down


class VoteStore:
    """The votes on works of one kind."""

    def __init__(self, database: Database, work: VotedWork) -> None:
        self._database = database
        self._work = work

    async def cast(
        self, work_id: int, user_id: int, value: Literal[1, -1], *, guild_id: int | None = None
    ) -> VoteCount:
        """The press of a button; gives the count after it. With `guild_id`, only on that server's.

        One transaction. Raises NoSuchVerse or NoSuchBeat for one that is unknown, deleted or
        hidden.
        """
        async with self._database.writer() as session:
            if guild_id is not None:
                row = self._work.row
                place = select(row.guild_id).where(row.id == work_id)
                if await session.scalar(place) != guild_id:
                    raise self._work.missing(work_id)
            before = await self._count(session, work_id, user_id)
            after = before.after_press(value)
            await self._write(session, work_id, user_id, before.own, after.own)
            return after

    async def count(self, work_id: int, user_id: int | None = None) -> VoteCount:
        """Raises NoSuchVerse or NoSuchBeat for one that is unknown, deleted or hidden."""
        async with self._database.reader() as session:
            return await self._count(session, work_id, user_id)

    async def _count(self, session: AsyncSession, work_id: int, user_id: int | None) -> VoteCount:
        row, vote = self._work.row, self._work.vote
        own = func.coalesce(func.sum(case((vote.user_id == user_id, vote.value), else_=0)), 0)
        counted = await session.execute(
            select(num_votes(vote, 1), num_votes(vote, -1), own)
            .select_from(row)
            .outerjoin(vote, self._work.voted_id == row.id)
            .where(row.id == work_id, row.deleted_at.is_(None), row.hidden_at.is_(None))
            .group_by(row.id)
        )
        found = counted.one_or_none()
        if found is None:
            raise self._work.missing(work_id)
        return VoteCount(up=found[0], down=found[1], own=found[2])

    async def _write(
        self,
        session: AsyncSession,
        work_id: int,
        user_id: int,
        before: Literal[1, -1, 0],
        after: Literal[1, -1, 0],
    ) -> None:
        now, vote, voted_id = utc_now(), self._work.vote, self._work.voted_id
        own = and_(voted_id == work_id, vote.user_id == user_id)
        if before == 0:
            values = {"value": after, "user_id": user_id, "created_at": now, "updated_at": now}
            await session.execute(insert(vote).values({self._work.id_name: work_id, **values}))
        elif after == 0:
            await session.execute(delete(vote).where(own))
        else:
            await session.execute(update(vote).where(own).values(value=after, updated_at=now))


async def best_voted(
    session: AsyncSession, work: VotedWork, shown: Sequence[ColumnElement[bool]], limit: int
) -> list[tuple[int, int, int]]:
    """Number, votes up and votes down of those with a net score above zero, best first; of equals
    the newer one first.
    """
    row, vote = work.row, work.vote
    score = func.sum(vote.value)
    best = (
        select(row.id, num_votes(vote, 1), num_votes(vote, -1))
        .join(vote, work.voted_id == row.id)
        .where(row.deleted_at.is_(None), row.hidden_at.is_(None), *shown)
        .group_by(row.id)
        .having(score > 0)
        .order_by(score.desc(), row.id.desc())
        .limit(limit)
    )
    return [(found[0], found[1], found[2]) for found in await session.execute(best)]


def num_votes(vote: type[VoteRow] | type[BeatVoteRow], value: Literal[1, -1]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((vote.value == value, 1), else_=0)), 0)

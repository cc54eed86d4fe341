"""Leases: the right of one process to do something alone, across machines with one database.

The database's clock is the only one that is asked when a lease lapses, so that the clocks of the
machines need not agree.
"""

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.database import Database
from bot.store.operation_tables import LeaseRow
from bot.store.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class Lease:
    name: str
    owner: str
    expires_at: datetime


class LeaseStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def acquire(
        self, name: str, owner: str, *, seconds: float, heir_of: str | None = None
    ) -> Lease:
        """Whose it is now: ours when it was free, lapsed, ours before, or that of `heir_of`.

        `heir_of` is an owner that is known to be dead.
        """
        async with self._database.writer() as session:
            now = await _now(session)
            expires_at = now + timedelta(seconds=seconds)
            is_ours = or_(LeaseRow.expires_at <= now, LeaseRow.owner.in_((owner, heir_of)))
            # One statement decides: of two machines, the later one looks again at what is there.
            taken = update(LeaseRow).where(LeaseRow.name == name, is_ours)
            await session.execute(taken.values(owner=owner, expires_at=expires_at))
            with contextlib.suppress(IntegrityError):  # there is one, taken or not
                async with session.begin_nested():
                    await session.execute(
                        insert(LeaseRow).values(name=name, owner=owner, expires_at=expires_at)
                    )
            row = await session.get_one(LeaseRow, name)
            return Lease(row.name, row.owner, row.expires_at)

    async def renew(self, name: str, owner: str, *, seconds: float) -> bool:
        """False when it is no longer ours: it has lapsed, and somebody may have taken it."""
        async with self._database.writer() as session:
            now = await _now(session)
            renewed = (
                update(LeaseRow)
                .where(LeaseRow.name == name, LeaseRow.owner == owner, LeaseRow.expires_at > now)
                .values(expires_at=now + timedelta(seconds=seconds))
                .returning(LeaseRow.name)
            )
            return await session.scalar(renewed) is not None

    async def release(self, name: str, owner: str) -> None:
        """Gives it back; harmless when it is not ours."""
        async with self._database.writer() as session:
            await session.execute(
                delete(LeaseRow).where(LeaseRow.name == name, LeaseRow.owner == owner)
            )

    async def holder(self, name: str) -> Lease | None:
        """Who has it now; nobody when it has lapsed."""
        async with self._database.reader() as session:
            row = await session.get(LeaseRow, name)
            if row is None or row.expires_at <= await _now(session):
                return None
            return Lease(row.name, row.owner, row.expires_at)


async def _now(session: AsyncSession) -> datetime:
    """By the database; SQLite gives whole seconds."""
    now: datetime | None = await session.scalar(select(func.current_timestamp(type_=UtcDateTime())))
    if now is None:
        raise TypeError("The database does not know the time.")
    return now

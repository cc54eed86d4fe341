"""What has been kept long enough, and goes."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Delete, Text, Update, cast, delete, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.battle_tables import BattleRow
from bot.store.database import Database
from bot.store.report_tables import ReportRow
from bot.store.tables import LyricsRow
from bot.store.types import utc_now
from bot.store.works import WORKS, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingTimes:
    """None keeps for ever."""

    works: timedelta | None = None
    requesters: timedelta | None = None
    refused: timedelta | None = None
    reports: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """How much of each was let go. Works are verses, battles and beats."""

    num_works: int = 0
    num_requesters: int = 0
    num_refused: int = 0
    num_reports: int = 0

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


class RetentionStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def expire(self, times: KeepingTimes) -> Expired:
        """Lets go of what is older than it may be. One transaction."""
        now = utc_now()
        async with self._database.writer() as session:
            expired = Expired(
                num_works=await _expire_works(session, _before(now, times.works)),
                num_requesters=await _expire_requesters(session, _before(now, times.requesters)),
                num_refused=await _expire_refused(session, _before(now, times.refused)),
                num_reports=await _expire_reports(session, _before(now, times.reports)),
            )
        if expired:
            await self._database.erase_traces()
        return expired


def _before(now: datetime, time: timedelta | None) -> datetime | None:
    return None if time is None else now - time


async def _expire_works(session: AsyncSession, before: datetime | None) -> int:
    """As rows without words or notes, so that their numbers are not given out again."""
    if before is None:
        return 0
    return sum([await _expire_kind(session, work, before) for work in WORKS.values()])


async def _expire_kind(session: AsyncSession, work: Work, before: datetime) -> int:
    row, erased = work.row, {**work.erased, "user_id": None}
    old: ColumnElement[bool] = row.created_at < before
    is_left: ColumnElement[bool] = row.user_id.is_not(None)
    if issubclass(row, BattleRow):
        old &= row.state.in_(("decided", "cancelled"))
        is_left |= cast(row.parts, Text) != "[]"
    else:
        erased["deleted_at"] = func.coalesce(row.deleted_at, utc_now())
        is_left |= row.deleted_at.is_(None)
    num_works = await _run(session, update(row).where(old, is_left).values(**erased))
    ids = select(row.id).where(old)
    await _run(session, delete(work.vote).where(work.voted_id.in_(ids)))
    return num_works


async def _expire_requesters(session: AsyncSession, before: datetime | None) -> int:
    if before is None:
        return 0
    num_rows = 0
    for row in (work.row for work in WORKS.values()):
        known = (row.created_at < before) & row.user_id.is_not(None)
        num_rows += await _run(session, update(row).where(known).values(user_id=None))
    return num_rows


async def _expire_refused(session: AsyncSession, before: datetime | None) -> int:
    if before is None:
        return 0
    old = (LyricsRow.state == "refused") & (LyricsRow.reviewed_at < before)
    erased = update(LyricsRow).where(old).values(state="withdrawn", text="", midi=None, findings={})
    return await _run(session, erased)


async def _expire_reports(session: AsyncSession, before: datetime | None) -> int:
    if before is None:
        return 0
    return await _run(session, delete(ReportRow).where(ReportRow.resolved_at < before))


async def _run(session: AsyncSession, statement: Update | Delete) -> int:
    """The number of rows that it met."""
    result: CursorResult[Any] = await session.execute(statement)  # type: ignore[assignment]
    return result.rowcount

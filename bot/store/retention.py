"""What has been kept long enough, and goes."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Delete, Select, Update, delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.battle_tables import BattleRow, BattleVoteRow
from bot.store.database import Database
from bot.store.report_tables import ReportRow
from bot.store.tables import LyricsRow, VerseRow, VoteRow
from bot.store.types import utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingTimes:
    """None keeps for ever."""

    verses: timedelta | None = None
    requesters: timedelta | None = None
    refused: timedelta | None = None
    reports: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """How much of each was let go."""

    num_verses: int = 0
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
                num_verses=await _expire_verses(session, _before(now, times.verses)),
                num_requesters=await _expire_requesters(session, _before(now, times.requesters)),
                num_refused=await _expire_refused(session, _before(now, times.refused)),
                num_reports=await _expire_reports(session, _before(now, times.reports)),
            )
        if expired:
            await self._database.erase_traces()
        return expired


def _before(now: datetime, time: timedelta | None) -> datetime | None:
    return None if time is None else now - time


async def _expire_verses(session: AsyncSession, before: datetime | None) -> int:
    """As rows without words, so that their numbers are not given out again."""
    if before is None:
        return 0
    old = VerseRow.created_at < before
    gone = update(VerseRow).where(old, VerseRow.deleted_at.is_(None))
    num_verses = await _run(session, gone.values(deleted_at=utc_now()))
    is_erased: ColumnElement[bool] = old & (VerseRow.text != "")
    await _run(
        session,
        update(VerseRow).where(is_erased).values(seed="", context="", text="", user_id=None),
    )
    await _run(session, delete(VoteRow).where(VoteRow.verse_id.in_(_ids(VerseRow, old))))
    ended = (BattleRow.created_at < before) & BattleRow.state.in_(("decided", "cancelled"))
    battles = update(BattleRow).where(ended, BattleRow.user_id.is_not(None))
    num_verses += await _run(session, battles.values(seed="", parts=[], user_id=None))
    votes = BattleVoteRow.battle_id.in_(_ids(BattleRow, ended))
    await _run(session, delete(BattleVoteRow).where(votes))
    return num_verses


async def _expire_requesters(session: AsyncSession, before: datetime | None) -> int:
    if before is None:
        return 0
    num_rows = 0
    for row in (VerseRow, BattleRow):
        known = (row.created_at < before) & row.user_id.is_not(None)
        num_rows += await _run(session, update(row).where(known).values(user_id=None))
    return num_rows


async def _expire_refused(session: AsyncSession, before: datetime | None) -> int:
    if before is None:
        return 0
    old = (LyricsRow.state == "refused") & (LyricsRow.reviewed_at < before)
    erased = update(LyricsRow).where(old).values(state="withdrawn", text="", findings={})
    return await _run(session, erased)


async def _expire_reports(session: AsyncSession, before: datetime | None) -> int:
    if before is None:
        return 0
    return await _run(session, delete(ReportRow).where(ReportRow.resolved_at < before))


def _ids(row: type[VerseRow] | type[BattleRow], condition: ColumnElement[bool]) -> Select[int]:
    return select(row.id).where(condition)


async def _run(session: AsyncSession, statement: Update | Delete) -> int:
    """The number of rows that it met."""
    result: CursorResult[Any] = await session.execute(statement)  # type: ignore[assignment]
    return result.rowcount

"""Reports of verses, and what moderators made of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import AlreadyReported, NoSuchVerse, TooManyReports
from bot.store.database import Database
from bot.store.report_tables import ReportRow
from bot.store.tables import VerseRow
from bot.store.types import utc_now

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    id: int
    reporter_id: int | None
    reason: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The open reports of one verse."""

    verse_id: int
    reports: tuple[Report, ...]  # the oldest first
    notice_message_id: int | None  # in the channel of the moderators


class ReportStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, verse_id: int, guild_id: int, reporter_id: int, reason: str, max_per_day: int
    ) -> None:
        """Raises NoSuchVerse, for one of another server too, AlreadyReported or TooManyReports."""
        async with self._database.writer() as session:
            verse = await session.get(VerseRow, verse_id)
            if verse is None or verse.deleted_at or verse.guild_id != guild_id:
                raise NoSuchVerse(verse_id)
            await _check(session, verse_id, reporter_id, max_per_day)
            notice = select(func.max(ReportRow.notice_message_id))
            row = ReportRow(
                verse_id=verse_id,
                guild_id=guild_id,
                reporter_id=reporter_id,
                reason=reason,
                state="open",
                notice_message_id=await session.scalar(
                    notice.where(ReportRow.verse_id == verse_id)
                ),
                created_at=utc_now(),
            )
            session.add(row)

    async def case(self, verse_id: int, guild_id: int) -> Case:
        """Without reports where none is open."""
        async with self._database.reader() as session:
            return await _case(session, verse_id, guild_id)

    async def next_case(self, guild_id: int, after_verse: int = 0) -> Case | None:
        """The first verse after that one with open reports; from the start where none is left."""
        first = select(func.min(ReportRow.verse_id)).where(*_open(guild_id))
        async with self._database.reader() as session:
            verse_id = await session.scalar(first.where(ReportRow.verse_id > after_verse))
            verse_id = verse_id or await session.scalar(first)
            return await _case(session, verse_id, guild_id) if verse_id else None

    async def num_cases(self, guild_id: int) -> int:
        counted = select(func.count(ReportRow.verse_id.distinct())).where(*_open(guild_id))
        async with self._database.reader() as session:
            return await session.scalar(counted) or 0

    async def set_notice(self, verse_id: int, message_id: int | None) -> None:
        """Remembers the message that tells the moderators of this verse."""
        async with self._database.writer() as session:
            await session.execute(
                update(ReportRow)
                .where(ReportRow.verse_id == verse_id)
                .values(notice_message_id=message_id)
            )

    async def resolve(
        self,
        verse_id: int,
        guild_id: int,
        resolver_id: int,
        state: Literal["dismissed", "upheld"],
    ) -> int:
        """How many reports were open."""
        async with self._database.writer() as session:
            resolved = await session.execute(
                update(ReportRow)
                .where(*_open(guild_id), ReportRow.verse_id == verse_id)
                .values(state=state, resolver_id=resolver_id, resolved_at=utc_now())
                .returning(ReportRow.id)
            )
            return len(resolved.all())


def _open(guild_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        ReportRow.guild_id == guild_id,
        ReportRow.state == "open",
        ReportRow.verse_id.is_not(None),
    )


async def _check(session: AsyncSession, verse_id: int, reporter_id: int, max_per_day: int) -> None:
    own = select(func.count()).where(ReportRow.reporter_id == reporter_id)
    if await session.scalar(own.where(ReportRow.verse_id == verse_id)):
        raise AlreadyReported
    today = own.where(ReportRow.created_at > utc_now() - _DAY)
    if (await session.scalar(today) or 0) >= max_per_day:
        raise TooManyReports(max_per_day)


async def _case(session: AsyncSession, verse_id: int, guild_id: int) -> Case:
    rows = await session.scalars(
        select(ReportRow)
        .where(*_open(guild_id), ReportRow.verse_id == verse_id)
        .order_by(ReportRow.id)
    )
    notice = await session.scalar(
        select(func.max(ReportRow.notice_message_id)).where(ReportRow.verse_id == verse_id)
    )
    reports = tuple(
        Report(id=row.id, reporter_id=row.reporter_id, reason=row.reason, created_at=row.created_at)
        for row in rows
    )
    return Case(verse_id=verse_id, reports=reports, notice_message_id=notice)

"""Reports of verses and battles, and what moderators made of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import AlreadyReported, NoSuchBattle, NoSuchVerse, TooManyReports
from bot.store.battle_tables import BattleRow
from bot.store.database import Database
from bot.store.report_tables import ReportRow
from bot.store.tables import VerseRow
from bot.store.types import utc_now

_DAY = timedelta(days=1)

SubjectKind = Literal["verse", "battle"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report is about."""

    kind: SubjectKind
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    id: int
    reporter_id: int | None
    reason: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The open reports of one verse or battle."""

    subject: Subject
    reports: tuple[Report, ...]  # the oldest first
    notice_message_id: int | None  # in the channel of the moderators


class ReportStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, subject: Subject, guild_id: int, reporter_id: int, reason: str, max_per_day: int
    ) -> None:
        """Raises NoSuchVerse or NoSuchBattle, for one of another server too, AlreadyReported, or
        TooManyReports.
        """
        async with self._database.writer() as session:
            await _require(session, subject, guild_id)
            await _check(session, subject, reporter_id, max_per_day)
            row = ReportRow(
                verse_id=subject.id if subject.kind == "verse" else None,
                battle_id=subject.id if subject.kind == "battle" else None,
                guild_id=guild_id,
                reporter_id=reporter_id,
                reason=reason,
                state="open",
                notice_message_id=await _notice(session, subject),
                created_at=utc_now(),
            )
            session.add(row)

    async def case(self, subject: Subject, guild_id: int) -> Case:
        """Without reports where none is open."""
        async with self._database.reader() as session:
            return await _case(session, subject, guild_id)

    async def next_case(self, guild_id: int, after: Subject | None = None) -> Case | None:
        """The first with open reports after that one; from the start where none is left.

        Verses come before battles, each by their numbers.
        """
        first = select(_KIND, _NUMBER).where(*_open(guild_id)).order_by(_KIND, _NUMBER).limit(1)
        async with self._database.reader() as session:
            found = None
            if after is not None:
                found = (await session.execute(first.where(_is_after(after)))).first()
            found = found or (await session.execute(first)).first()
            if found is None:
                return None
            kind, number = found
            return await _case(session, Subject(_KINDS[kind], number), guild_id)

    async def num_cases(self, guild_id: int) -> int:
        verses = func.count(ReportRow.verse_id.distinct())
        battles = func.count(ReportRow.battle_id.distinct())
        async with self._database.reader() as session:
            return await session.scalar(select(verses + battles).where(*_open(guild_id))) or 0

    async def set_notice(self, subject: Subject, message_id: int | None) -> None:
        """Remembers the message that tells the moderators of it."""
        async with self._database.writer() as session:
            await session.execute(
                update(ReportRow).where(_is_of(subject)).values(notice_message_id=message_id)
            )

    async def resolve(
        self,
        subject: Subject,
        guild_id: int,
        resolver_id: int,
        state: Literal["dismissed", "upheld"],
    ) -> int:
        """How many reports were open."""
        async with self._database.writer() as session:
            resolved = await session.execute(
                update(ReportRow)
                .where(*_open(guild_id), _is_of(subject))
                .values(state=state, resolver_id=resolver_id, resolved_at=utc_now())
                .returning(ReportRow.id)
            )
            return len(resolved.all())


# In the order of the queue; a row's kind is its place here.
_KINDS: tuple[SubjectKind, ...] = ("verse", "battle")
_KIND = case((ReportRow.battle_id.is_not(None), 1), else_=0)
_NUMBER = func.coalesce(ReportRow.verse_id, ReportRow.battle_id)


def _is_after(subject: Subject) -> ColumnElement[bool]:
    kind = literal(_KINDS.index(subject.kind))
    return or_(kind < _KIND, and_(kind == _KIND, subject.id < _NUMBER))


def _is_of(subject: Subject) -> ColumnElement[bool]:
    column = ReportRow.verse_id if subject.kind == "verse" else ReportRow.battle_id
    return column == subject.id


def _open(guild_id: int) -> tuple[ColumnElement[bool], ...]:
    return (ReportRow.guild_id == guild_id, ReportRow.state == "open")


async def _require(session: AsyncSession, subject: Subject, guild_id: int) -> None:
    if subject.kind == "verse":
        verse = await session.get(VerseRow, subject.id)
        if verse is None or verse.deleted_at or verse.guild_id != guild_id:
            raise NoSuchVerse(subject.id)
        return
    battle = await session.get(BattleRow, subject.id)
    if battle is None or battle.ends_at is None or battle.guild_id != guild_id:
        raise NoSuchBattle(subject.id)


async def _check(
    session: AsyncSession, subject: Subject, reporter_id: int, max_per_day: int
) -> None:
    own = select(func.count()).where(ReportRow.reporter_id == reporter_id)
    if await session.scalar(own.where(_is_of(subject))):
        raise AlreadyReported
    today = own.where(ReportRow.created_at > utc_now() - _DAY)
    if (await session.scalar(today) or 0) >= max_per_day:
        raise TooManyReports(max_per_day)


async def _notice(session: AsyncSession, subject: Subject) -> int | None:
    notice = select(func.max(ReportRow.notice_message_id)).where(_is_of(subject))
    return await session.scalar(notice)


async def _case(session: AsyncSession, subject: Subject, guild_id: int) -> Case:
    rows = await session.scalars(
        select(ReportRow).where(*_open(guild_id), _is_of(subject)).order_by(ReportRow.id)
    )
    reports = tuple(
        Report(id=row.id, reporter_id=row.reporter_id, reason=row.reason, created_at=row.created_at)
        for row in rows
    )
    notice = await _notice(session, subject)
    return Case(subject=subject, reports=reports, notice_message_id=notice)

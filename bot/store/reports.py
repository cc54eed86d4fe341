"""Reports of verses, battles and beats, and what moderators made of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import AlreadyReported, TooManyReports
from bot.store.battle_tables import BattleRow
from bot.store.beat_tables import BeatRow
from bot.store.database import Database
from bot.store.report_tables import ReportRow
from bot.store.tables import VerseRow
from bot.store.types import utc_now
from bot.store.works import WORKS, Subject

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    id: int
    reporter_id: int | None
    reason: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The open reports of one verse, battle or beat."""

    subject: Subject
    reports: tuple[Report, ...]  # the oldest first
    notice_message_id: int | None  # in the channel of the moderators


class ReportStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, subject: Subject, guild_id: int, reporter_id: int, reason: str, max_per_day: int
    ) -> None:
        """Raises what the subject is `missing` as, for one of another server too, AlreadyReported,
        or TooManyReports.
        """
        async with self._database.writer() as session:
            await _require(session, subject, guild_id)
            await _check(session, subject, reporter_id, max_per_day)
            row = ReportRow(
                guild_id=guild_id,
                reporter_id=reporter_id,
                reason=reason,
                state="open",
                notice_message_id=await _notice(session, subject),
                created_at=utc_now(),
                **{WORKS[subject.kind].id_name: subject.id},
            )
            session.add(row)

    async def case(self, subject: Subject, guild_id: int) -> Case:
        """Without reports where none is open."""
        async with self._database.reader() as session:
            return await _case(session, subject, guild_id)

    async def next_case(self, guild_id: int, after: Subject | None = None) -> Case | None:
        """The first with open reports after that one; from the start where none is left.

        Verses come before battles, and these before beats, each by their numbers.
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
        counts = [func.count(column.distinct()) for column in _IDS.values()]
        async with self._database.reader() as session:
            found = await session.execute(select(*counts).where(*_open(guild_id)))
            return sum(found.one())

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
_KINDS = tuple(WORKS)
_IDS = {kind: getattr(ReportRow, work.id_name) for kind, work in WORKS.items()}
_KIND = case(*((_IDS[kind].is_not(None), place) for place, kind in enumerate(_KINDS)))
_NUMBER = func.coalesce(*_IDS.values())


def _is_after(subject: Subject) -> ColumnElement[bool]:
    kind = literal(_KINDS.index(subject.kind))
    return or_(kind < _KIND, and_(kind == _KIND, subject.id < _NUMBER))


def _is_of(subject: Subject) -> ColumnElement[bool]:
    is_it: ColumnElement[bool] = _IDS[subject.kind] == subject.id
    return is_it


def _open(guild_id: int) -> tuple[ColumnElement[bool], ...]:
    return (ReportRow.guild_id == guild_id, ReportRow.state == "open")


async def _require(session: AsyncSession, subject: Subject, guild_id: int) -> None:
    row = WORKS[subject.kind].row
    work = cast("VerseRow | BattleRow | BeatRow | None", await session.get(row, subject.id))
    if work is None or work.guild_id != guild_id or not _is_public(work):
        raise subject.missing()


def _is_public(work: VerseRow | BattleRow | BeatRow) -> bool:
    """A battle is from its vote on, when its words are there."""
    return work.ends_at is not None if isinstance(work, BattleRow) else work.deleted_at is None


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

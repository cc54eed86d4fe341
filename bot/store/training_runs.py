"""Training runs: at most one at a time, what it learned from, and how it ended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import CursorResult, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NoSuchRun, NothingToTrain, TrainingBusy
from bot.locale import Sentence
from bot.store.database import Database
from bot.store.tables import (
    LessonKind,
    LyricsRow,
    RunState,
    RunTrigger,
    TrainingRunLyricsRow,
    TrainingRunRow,
)
from bot.store.types import utc_now

Verdict = Literal["promoted", "rejected", "failed", "cancelled", "interrupted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRun:
    id: int
    state: RunState
    trigger: RunTrigger
    requested_by: int | None
    parent_checkpoint: str
    candidate: str | None
    num_lyrics: int
    num_resumed: int
    stage: str
    fraction: float  # 0 to 1, of the whole run
    figures: dict[str, Any]
    reason: Sentence | None
    started_at: datetime
    finished_at: datetime | None
    votes_until: datetime | None = None  # of the votes it learns from, if any
    kind: LessonKind = "lyrics"


@dataclass(frozen=True, slots=True)
class RunMessage:
    guild_id: int | None
    channel_id: int
    message_id: int
    locale: str | None


class TrainingRunStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(
        self,
        *,
        trigger: RunTrigger,
        requested_by: int | None,
        parent_checkpoint: str,
        lyrics_ids: Iterable[int],
        votes_until: datetime | None = None,
        kind: LessonKind = "lyrics",
    ) -> TrainingRun:
        """`lyrics_ids` are the lyrics that are new to the run, and `votes_until` says when the last
        of the votes was cast that it learns from, if any. Lyrics that were withdrawn, or whose
        approval was taken back, since they were looked up are none of it. Raises TrainingBusy, or
        NothingToTrain when none is left.
        """
        ids = list(dict.fromkeys(lyrics_ids))
        async with self._database.writer() as session:
            await _refuse_second(session)
            row = TrainingRunRow(
                kind=kind,
                state="running",
                trigger=trigger,
                requested_by=requested_by,
                parent_checkpoint=parent_checkpoint,
                num_lyrics=len(ids),
                votes_until=votes_until,
                stage="starting",
                fraction=0.0,
                figures={},
                started_at=utc_now(),
            )
            session.add(row)
            await session.flush()
            if ids:
                row.num_lyrics = await _link(session, row.id, ids)
                if not row.num_lyrics and votes_until is None:
                    raise NothingToTrain(0, 1)
            return _run(row)

    async def progress(
        self, run_id: int, *, stage: str, fraction: float, figures: dict[str, Any] | None = None
    ) -> bool:
        """False, and nothing written, when the run has ended meanwhile: late news is dropped."""
        async with self._database.writer() as session:
            row = await session.get(TrainingRunRow, run_id)
            if row is None or row.state != "running":
                return False
            row.stage, row.fraction = stage, fraction
            row.figures = {**row.figures, **(figures or {})}
            return True

    async def finish(
        self,
        run_id: int,
        state: Verdict,
        *,
        candidate: str | None = None,
        reason: Sentence | None = None,
        figures: dict[str, Any] | None = None,
    ) -> TrainingRun:
        """Raises NoSuchRun for a run that is unknown or has ended already."""
        async with self._database.writer() as session:
            row = await session.get(TrainingRunRow, run_id)
            if row is None or row.state != "running":
                raise NoSuchRun(run_id)
            row.state, row.candidate, row.reason = state, candidate, reason
            row.figures = {**row.figures, **(figures or {})}
            row.finished_at = utc_now()
            if state in ("promoted", "rejected"):
                row.fraction = 1.0
            return _run(row)

    async def drop(self, run_id: int, reason: Sentence) -> TrainingRun:
        """At start-up, of one that died with the last process and is not to be resumed.

        Raises NoSuchRun for one that came to a verdict.
        """
        async with self._database.writer() as session:
            row = await _unfinished(session, run_id)
            row.state, row.reason, row.finished_at = "interrupted", reason, utc_now()
            return _run(row)

    async def resume(self, run_id: int, lyrics_ids: Iterable[int]) -> TrainingRun:
        """It runs again, on those of its lyrics that are still there.

        A crash before is counted; whether there was one, the state tells. Raises NoSuchRun for one
        that came to a verdict.
        """
        ids = set(lyrics_ids)
        async with self._database.writer() as session:
            row = await _unfinished(session, run_id)
            links = select(TrainingRunLyricsRow).where(TrainingRunLyricsRow.run_id == run_id)
            for link in await session.scalars(links):
                if link.lyrics_id not in ids:
                    await session.delete(link)
            row.num_resumed += row.state == "running"
            row.num_lyrics = len(ids)
            row.state, row.reason, row.finished_at = "running", None, None
            return _run(row)

    async def show_in(self, run_id: int, message: RunMessage) -> None:
        """Where it is told how the run goes, also after a restart."""
        async with self._database.writer() as session:
            row = await session.get(TrainingRunRow, run_id)
            if row is not None:
                for name in RunMessage.__dataclass_fields__:
                    setattr(row, name, getattr(message, name))

    async def message(self, run_id: int) -> RunMessage | None:
        """None where nobody asked for the run, or the answer never came."""
        async with self._database.reader() as session:
            row = await session.get(TrainingRunRow, run_id)
            if row is None or row.channel_id is None or row.message_id is None:
                return None
            return RunMessage(row.guild_id, row.channel_id, row.message_id, row.locale)

    async def lyrics_ids(self, run_id: int) -> list[int]:
        """The lyrics that were new to it."""
        links = (
            select(TrainingRunLyricsRow.lyrics_id)
            .where(TrainingRunLyricsRow.run_id == run_id)
            .order_by(TrainingRunLyricsRow.lyrics_id)
        )
        async with self._database.reader() as session:
            return list(await session.scalars(links))

    async def get(self, run_id: int) -> TrainingRun | None:
        async with self._database.reader() as session:
            row = await session.get(TrainingRunRow, run_id)
            return _run(row) if row else None

    async def latest(self) -> TrainingRun | None:
        """The one that started last, running or not."""
        found = await self.recent(1)
        return found[0] if found else None

    async def recent(self, limit: int = 10) -> list[TrainingRun]:
        """Newest first."""
        rows = select(TrainingRunRow).order_by(TrainingRunRow.id.desc()).limit(limit)
        async with self._database.reader() as session:
            return [_run(row) for row in await session.scalars(rows)]

    async def last_finished(self) -> TrainingRun | None:
        """The last one that came to a verdict: promoted or rejected."""
        rows = (
            select(TrainingRunRow)
            .where(TrainingRunRow.state.in_(("promoted", "rejected")))
            .order_by(TrainingRunRow.id.desc())
            .limit(1)
        )
        async with self._database.reader() as session:
            row = await session.scalar(rows)
            return _run(row) if row else None


async def _refuse_second(session: AsyncSession) -> None:
    is_running = TrainingRunRow.state == "running"
    running = await session.scalar(select(TrainingRunRow.id).where(is_running))
    if running is not None:
        raise TrainingBusy(running)


async def _unfinished(session: AsyncSession, run_id: int) -> TrainingRunRow:
    row = await session.get(TrainingRunRow, run_id)
    if row is None or row.state not in ("running", "interrupted"):
        raise NoSuchRun(run_id)
    return row


def _run(row: TrainingRunRow) -> TrainingRun:
    return TrainingRun(**{name: getattr(row, name) for name in TrainingRun.__dataclass_fields__})


async def _link(session: AsyncSession, run_id: int, lyrics_ids: Sequence[int]) -> int:
    """How many of the lyrics are approved still, and so the run's."""
    links = [{"run_id": run_id, "lyrics_id": each} for each in lyrics_ids]
    await session.execute(insert(TrainingRunLyricsRow), links)
    others = select(LyricsRow.id).where(LyricsRow.state != "approved")
    unlinked = await session.execute(
        delete(TrainingRunLyricsRow).where(
            TrainingRunLyricsRow.run_id == run_id, TrainingRunLyricsRow.lyrics_id.in_(others)
        )
    )
    return len(lyrics_ids) - cast("CursorResult[Any]", unlinked).rowcount

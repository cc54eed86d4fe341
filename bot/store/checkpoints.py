"""Checkpoints as the bot knows them: which one is live, which were, and what they measured."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NoSuchCheckpoint
from bot.store.database import Database
from bot.store.tables import CheckpointRow, CheckpointState, LessonKind
from bot.store.types import utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCheckpoint:
    version: str
    folder: str
    parent: str | None = None
    bits_per_character: float | None = None
    figures: dict[str, Any] = field(default_factory=dict)
    kind: LessonKind = "lyrics"  # what it learned, and so what it writes


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointRecord(NewCheckpoint):
    state: CheckpointState
    created_at: datetime
    promoted_at: datetime | None
    promoted_by: int | None = None  # who rolled back to it; a run or the operator is nobody
    shadow_since: datetime | None = None
    pinned_at: datetime | None = None
    pinned_by: int | None = None
    pruned_at: datetime | None = None


class CheckpointStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, checkpoint: NewCheckpoint) -> CheckpointRecord:
        """Notes a new version as a candidate; a known one keeps its state and gets the new data."""
        values = {name: getattr(checkpoint, name) for name in _SHARED}
        async with self._database.writer() as session:
            row = await session.get(CheckpointRow, checkpoint.version)
            if row is None:
                row = CheckpointRow(state="candidate", created_at=utc_now(), **values)
                session.add(row)
            else:
                for name, value in values.items():
                    setattr(row, name, value)
            await session.flush()
            return _record(row)

    async def get(self, version: str) -> CheckpointRecord | None:
        async with self._database.reader() as session:
            row = await session.get(CheckpointRow, version)
            return _record(row) if row else None

    async def live(self, kind: LessonKind = "lyrics") -> CheckpointRecord | None:
        live = select(CheckpointRow).where(
            CheckpointRow.state == "live", CheckpointRow.kind == kind
        )
        async with self._database.reader() as session:
            row = await session.scalar(live)
            return _record(row) if row else None

    async def retired(self) -> list[CheckpointRecord]:
        """Those that were live before, the last one first: where to fall or roll back to."""
        rows = (
            select(CheckpointRow)
            .where(CheckpointRow.state == "retired")
            .order_by(CheckpointRow.promoted_at.desc(), CheckpointRow.created_at.desc())
        )
        async with self._database.reader() as session:
            return [_record(row) for row in await session.scalars(rows)]

    async def all(self) -> list[CheckpointRecord]:
        """Newest first."""
        rows = select(CheckpointRow).order_by(
            CheckpointRow.created_at.desc(), CheckpointRow.version
        )
        async with self._database.reader() as session:
            return [_record(row) for row in await session.scalars(rows)]

    async def promote(self, version: str, promoted_by: int | None = None) -> CheckpointRecord:
        """Makes a version the live one of its kind and retires the one before, in one transaction.

        `promoted_by` is who rolled back to it. Raises NoSuchCheckpoint for an unknown or a rejected
        version, and changes nothing then.
        """
        async with self._database.writer() as session:
            row = await _get(session, version, "candidate", "shadow", "retired", "live")
            if row.state != "live":
                # First the old, then the new: at no moment may two rows be live.
                await session.execute(
                    update(CheckpointRow)
                    .where(CheckpointRow.state == "live", CheckpointRow.kind == row.kind)
                    .values(state="retired")
                )
                row.state, row.promoted_at = "live", utc_now()
                row.promoted_by = promoted_by
            return _record(row)

    async def reject(self, version: str) -> CheckpointRecord:
        """Raises NoSuchCheckpoint for anything but a candidate, or one that is tried out."""
        async with self._database.writer() as session:
            row = await _get(session, version, "candidate", "shadow")
            row.state = "rejected"
            return _record(row)

    async def shadow(self) -> CheckpointRecord | None:
        """The one that is tried out."""
        async with self._database.reader() as session:
            row = await session.scalar(select(CheckpointRow).where(CheckpointRow.state == "shadow"))
            return _record(row) if row else None

    async def try_out(self, version: str) -> CheckpointRecord:
        """Raises NoSuchCheckpoint for anything but a candidate."""
        async with self._database.writer() as session:
            row = await _get(session, version, "candidate")
            row.state, row.shadow_since = "shadow", utc_now()
            return _record(row)

    async def pin(self, version: str, pinned_by: int | None) -> CheckpointRecord:
        """Keeps a version from being pruned. Raises NoSuchCheckpoint where nothing is to keep."""
        async with self._database.writer() as session:
            row = await _get(session, version, *_ON_DISK)
            if row.pruned_at is not None:
                raise NoSuchCheckpoint(version)
            row.pinned_at, row.pinned_by = row.pinned_at or utc_now(), pinned_by
            return _record(row)

    async def unpin(self, version: str) -> CheckpointRecord:
        """Raises NoSuchCheckpoint for an unknown version."""
        async with self._database.writer() as session:
            row = await _get(session, version, *_ON_DISK)
            row.pinned_at = row.pinned_by = None
            return _record(row)

    async def note_pruned(self, version: str) -> CheckpointRecord:
        """Its folder goes. Raises NoSuchCheckpoint for one that somebody may need, by its state."""
        async with self._database.writer() as session:
            row = await _get(session, version, "retired", "rejected")
            if row.pinned_at is not None:
                raise NoSuchCheckpoint(version)
            row.pruned_at = row.pruned_at or utc_now()
            return _record(row)


_ON_DISK: tuple[CheckpointState, ...] = ("shadow", "live", "retired")


async def _get(session: AsyncSession, version: str, *states: CheckpointState) -> CheckpointRow:
    row = await session.get(CheckpointRow, version)
    if row is None or row.state not in states:
        raise NoSuchCheckpoint(version)
    return row


_SHARED = tuple(NewCheckpoint.__dataclass_fields__)


def _record(row: CheckpointRow) -> CheckpointRecord:
    names = CheckpointRecord.__dataclass_fields__
    return CheckpointRecord(**{name: getattr(row, name) for name in names})

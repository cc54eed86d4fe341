"""The queue for review: what is in it, decisions on many at once, and taking them back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from bot.errors import CannotTakeBack, ReviewQueueChanged
from bot.store.database import Database
from bot.store.lyrics_records import Lyrics, lyrics_of
from bot.store.quotas import SubmissionQuotas, refuse_beyond
from bot.store.tables import LessonKind, LyricsRow, TrainingRunLyricsRow, TrainingRunRow
from bot.store.types import utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class InReview:
    """Which of a server's submissions that wait for review are meant."""

    guild_id: int | None
    submitter_id: int | None = None
    is_flagged: bool | None = None  # neither, of one that was never looked at
    not_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitterRecord:
    """What became of a member's submissions in one server."""

    num_pending: int = 0
    num_approved: int = 0
    num_refused: int = 0


@dataclass(frozen=True, slots=True)
class StoredPiece:
    """What is compared with others: words, or MIDI."""

    lyrics_id: int
    guild_id: int | None
    text: str
    midi: bytes | None = None


class ReviewStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def next(self, waiting: InReview, after_id: int = 0) -> Lyrics | None:
        """The oldest after that one; from the start where none is left."""
        rows = select(LyricsRow).where(*_meant(waiting)).order_by(LyricsRow.id).limit(1)
        async with self._database.reader() as session:
            row = await session.scalar(rows.where(LyricsRow.id > after_id))
            if row is None and after_id:
                row = await session.scalar(rows)
            return lyrics_of(row) if row else None

    async def previous(self, waiting: InReview, before_id: int) -> Lyrics | None:
        """The one before that one; from the end where none is left."""
        rows = select(LyricsRow).where(*_meant(waiting)).order_by(LyricsRow.id.desc()).limit(1)
        async with self._database.reader() as session:
            row = await session.scalar(rows.where(LyricsRow.id < before_id))
            row = row or await session.scalar(rows)
            return lyrics_of(row) if row else None

    async def num(self, waiting: InReview) -> int:
        return await self._count(*_meant(waiting))

    async def oldest(self, waiting: InReview, limit: int) -> list[Lyrics]:
        rows = select(LyricsRow).where(*_meant(waiting)).order_by(LyricsRow.id).limit(limit)
        async with self._database.reader() as session:
            return [lyrics_of(row) for row in await session.scalars(rows)]

    async def decide_all(
        self,
        waiting: InReview,
        approve: bool,
        reviewer_id: int,
        reason: str | None = None,
        *,
        up_to_id: int,
        expected: int,
    ) -> list[Lyrics]:
        """Decides on all of them up to that one, in one transaction.

        Raises ReviewQueueChanged, and decides on none, where there are not exactly `expected`.
        """
        rows = select(LyricsRow).where(*_meant(waiting), LyricsRow.id <= up_to_id)
        async with self._database.writer() as session:
            found = list(await session.scalars(rows.order_by(LyricsRow.id)))
            if len(found) != expected:
                raise ReviewQueueChanged(expected, len(found))
            now = utc_now()
            for row in found:
                row.state = "approved" if approve else "refused"
                row.reviewer_id, row.reviewed_at, row.reason = reviewer_id, now, reason
            return [lyrics_of(row) for row in found]

    async def take_back(
        self, guild_id: int | None, reviewer_id: int, decided_at: datetime
    ) -> list[Lyrics]:
        """What this reviewer decided on at that moment is in review again.

        Not what a run has learned from or is learning. Raises CannotTakeBack when nothing is left.
        """
        used = (
            select(TrainingRunLyricsRow.lyrics_id)
            .join(TrainingRunRow, TrainingRunRow.id == TrainingRunLyricsRow.run_id)
            .where(
                TrainingRunLyricsRow.lyrics_id == LyricsRow.id,
                TrainingRunRow.state.in_(("running", "promoted", "rejected")),
            )
        )
        rows = select(LyricsRow).where(
            LyricsRow.guild_id == guild_id,
            LyricsRow.reviewer_id == reviewer_id,
            LyricsRow.reviewed_at == decided_at,
            LyricsRow.state.in_(("approved", "refused")),
            ~used.exists(),
        )
        async with self._database.writer() as session:
            found = list(await session.scalars(rows.order_by(LyricsRow.id)))
            if not found:
                raise CannotTakeBack
            for row in found:
                row.state, row.reviewer_id, row.reviewed_at, row.reason = (
                    "pending",
                    None,
                    None,
                    None,
                )
            return [lyrics_of(row) for row in found]

    async def record_of(self, submitter_id: int, guild_id: int | None) -> SubmitterRecord:
        counts = (
            select(LyricsRow.state, func.count())
            .where(LyricsRow.submitter_id == submitter_id, LyricsRow.guild_id == guild_id)
            .group_by(LyricsRow.state)
        )
        async with self._database.reader() as session:
            num = {row[0]: row[1] for row in await session.execute(counts)}
        return SubmitterRecord(
            num_pending=num.get("pending", 0),
            num_approved=num.get("approved", 0),
            num_refused=num.get("refused", 0),
        )

    async def check_quotas(
        self, quotas: SubmissionQuotas, *, submitter_id: int, guild_id: int | None
    ) -> None:
        """Raises what `submit` would, before anybody types anything."""
        async with self._database.reader() as session:
            await refuse_beyond(
                session, quotas, submitter_id=submitter_id, guild_id=guild_id, now=utc_now()
            )

    async def pieces(self, kind: LessonKind, *, after_id: int, limit: int) -> list[StoredPiece]:
        """Everything of a kind and not withdrawn, of all servers, in the order in which it came."""
        is_there = (LyricsRow.kind == kind, LyricsRow.state != "withdrawn")
        rows = (
            select(LyricsRow.id, LyricsRow.guild_id, LyricsRow.text, LyricsRow.midi)
            .where(LyricsRow.id > after_id, *is_there)
            .order_by(LyricsRow.id)
            .limit(limit)
        )
        async with self._database.reader() as session:
            return [StoredPiece(*row) for row in await session.execute(rows)]

    async def visible(self, lyrics_ids: Collection[int], guild_id: int | None) -> list[Lyrics]:
        """Those with words that this server may see: its own, and what all servers share."""
        rows = select(LyricsRow).where(
            LyricsRow.id.in_(lyrics_ids),
            LyricsRow.state != "withdrawn",
            or_(LyricsRow.guild_id.is_(None), LyricsRow.guild_id == guild_id),
        )
        async with self._database.reader() as session:
            return [lyrics_of(row) for row in await session.scalars(rows.order_by(LyricsRow.id))]

    async def _count(self, *conditions: ColumnElement[bool]) -> int:
        counted = select(func.count()).select_from(LyricsRow).where(*conditions)
        async with self._database.reader() as session:
            return await session.scalar(counted) or 0


def _meant(waiting: InReview) -> list[ColumnElement[bool]]:
    conditions = [LyricsRow.state == "pending", LyricsRow.guild_id == waiting.guild_id]
    if waiting.submitter_id is not None:
        conditions.append(LyricsRow.submitter_id == waiting.submitter_id)
    if waiting.not_by is not None:
        conditions.append(LyricsRow.submitter_id != waiting.not_by)
    num_flags = LyricsRow.findings["num_flags"].as_integer()
    if waiting.is_flagged is not None:
        conditions.append(num_flags > 0 if waiting.is_flagged else num_flags == 0)
    return conditions

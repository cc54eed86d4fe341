"""Requests without an answer yet: noted while they are worked on, so that a crash loses none.

What is noted waits in memory for the next `flush`, which writes all of it in one transaction: no
request waits for that. Every change to what waits happens under the write lock, so that a note can
never come to the database after the answer.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.database import Database
from bot.store.operation_tables import PendingRequestRow
from bot.store.types import utc_now
from bot.store.works import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingRequest:
    """`request` is whatever is needed to make it again, unless a verse or beat is its answer."""

    interaction_id: int
    application_id: int
    token: str = field(repr=False)
    guild_id: int | None
    channel_id: int | None
    user_id: int
    locale: str
    request: dict[str, Any] = field(repr=False)
    expires_at: datetime
    verse_id: int | None = None
    beat_id: int | None = None

    @property
    def answer(self) -> Subject | None:
        """What need only be shown."""
        if self.verse_id is not None:
            return Subject("verse", self.verse_id)
        return None if self.beat_id is None else Subject("beat", self.beat_id)


class PendingStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: dict[int, PendingRequest] = {}  # not written yet
        self._answered: set[int] = set()  # not removed yet

    def note(self, request: PendingRequest) -> None:
        """It was accepted. Written with the next `flush`."""
        self._noted[request.interaction_id] = request

    def note_answer(self, interaction_id: int) -> None:
        """It has its answer, in whatever way. Removed with the next `flush`."""
        if self._noted.pop(interaction_id, None) is None:
            self._answered.add(interaction_id)

    async def answer_with(
        self,
        session: AsyncSession,
        interaction_id: int,
        *,
        verse_id: int | None = None,
        beat_id: int | None = None,
    ) -> None:
        """Within the transaction that stores the answer: from now on it need only be shown."""
        noted = self._noted.pop(interaction_id, None)
        if noted is not None:
            answered = replace(noted, verse_id=verse_id, beat_id=beat_id)
            await session.execute(insert(PendingRequestRow), [_values(answered)])
            return
        await session.execute(
            update(PendingRequestRow)
            .where(PendingRequestRow.interaction_id == interaction_id)
            .values(verse_id=verse_id, beat_id=beat_id)
        )

    async def forget_in(self, session: AsyncSession, interaction_id: int) -> None:
        """Within the transaction that stores what somebody else shows after a crash."""
        self._noted.pop(interaction_id, None)
        await _delete(session, {interaction_id})

    async def flush(self) -> None:
        """Writes and removes what was noted, in one transaction."""
        if not self._noted and not self._answered:
            return
        async with self._database.writer() as session:
            noted, answered = self._noted, self._answered
            self._noted, self._answered = {}, set()
            try:
                # A simulated Discord gives the same numbers again after a restart.
                await _delete(session, answered | noted.keys())
                if noted:
                    await session.execute(
                        insert(PendingRequestRow), [_values(each) for each in noted.values()]
                    )
            except BaseException:
                self._noted, self._answered = noted | self._noted, answered | self._answered
                raise

    async def all(self) -> list[PendingRequest]:
        """The oldest first."""
        rows = select(PendingRequestRow).order_by(PendingRequestRow.id)
        async with self._database.reader() as session:
            return [_request(row) for row in await session.scalars(rows)]

    async def sweep(self, now: datetime) -> int:
        """Removes those whose token has expired; how many."""
        async with self._database.reader() as session:
            is_over = PendingRequestRow.expires_at < now
            over = set(
                await session.scalars(select(PendingRequestRow.interaction_id).where(is_over))
            )
        if over:
            async with self._database.writer() as session:
                await _delete(session, over)
        return len(over)


_COLUMNS = tuple(PendingRequest.__dataclass_fields__)


def _values(request: PendingRequest) -> dict[str, Any]:
    return {"created_at": utc_now(), **{name: getattr(request, name) for name in _COLUMNS}}


def _request(row: PendingRequestRow) -> PendingRequest:
    return PendingRequest(**{name: getattr(row, name) for name in _COLUMNS})


async def _delete(session: AsyncSession, interaction_ids: set[int]) -> None:
    if interaction_ids:
        await session.execute(
            delete(PendingRequestRow).where(PendingRequestRow.interaction_id.in_(interaction_ids))
        )

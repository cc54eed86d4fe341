"""Beats: what was made, for whom, and everything needed to make it again and to show it again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.store.beat_tables import BeatRow
from bot.store.database import Database
from bot.store.pending import PendingStore
from bot.store.types import utc_now
from bot.store.votes import Ranked, best_voted
from bot.store.works import BEATS, WorkStore


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBeat:
    """`prime` and `result` are MIDI files as the bot writes them, of `steps_per_beat`; the result
    opens with the prime, of `num_prime_steps`.
    """

    style: str
    bars: int
    tempo: float
    temperature: float
    rng_seed: int  # 0 to 2**63 - 1
    checkpoint: str  # the version that wrote it
    steps_per_beat: int
    num_prime_steps: int
    prime: bytes | None
    result: bytes
    user_id: int | None  # None: forgotten
    guild_id: int | None = None
    channel_id: int | None = None
    message_id: int | None = None
    verse_id: int | None = None  # the verse that it was made for


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat(NewBeat):
    id: int
    created_at: datetime
    is_hidden: bool = False  # by a moderator


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedBeat(Ranked):
    beat: Beat


class BeatStore(WorkStore):
    def __init__(self, database: Database, pending: PendingStore) -> None:
        super().__init__(database, BEATS)
        self._pending = pending

    async def add(self, beat: NewBeat, *, answers: int | None = None) -> Beat:
        """`answers` is the interaction that asked for it, which is noted in the same transaction.

        From then on a crash can only keep the beat from being shown until the next start.
        """
        values = {name: getattr(beat, name) for name in _SHARED}
        async with self._database.writer() as session:
            row = BeatRow(created_at=utc_now(), **values)
            session.add(row)
            await session.flush()
            if answers is not None:
                await self._pending.answer_with(session, answers, beat_id=row.id)
            return _beat(row)

    async def get(self, beat_id: int) -> Beat | None:
        """None for a beat that is unknown or deleted."""
        async with self._database.reader() as session:
            row = await session.get(BeatRow, beat_id)
            return None if row is None or row.deleted_at else _beat(row)

    async def top(
        self,
        style: str | None = None,
        since: datetime | None = None,
        limit: int = 10,
        guild_id: int | None = None,
    ) -> list[RankedBeat]:
        """Beats with a net score above zero, best first; of equals the newer one first.

        `since` is about when a beat was made.
        """
        shown = BEATS.made(since, guild_id)
        if style is not None:
            shown.append(BeatRow.style == style)
        async with self._database.reader() as session:
            ranks = await best_voted(session, BEATS, shown, limit)
            ids = [beat_id for beat_id, _, _ in ranks]
            found = await session.scalars(select(BeatRow).where(BeatRow.id.in_(ids)))
            beats = {row.id: _beat(row) for row in found}
        return [RankedBeat(beat=beats[beat_id], up=up, down=down) for beat_id, up, down in ranks]


# The fields that a beat and its row have under one name.
_SHARED = tuple(NewBeat.__dataclass_fields__)


def _beat(row: BeatRow) -> Beat:
    return Beat(
        id=row.id,
        created_at=row.created_at,
        is_hidden=row.hidden_at is not None,
        **{name: getattr(row, name) for name in _SHARED},
    )

"""Battles: written, voted on, decided; and their votes, at most one of each member."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BattleOver, HiddenBattle, NoSuchBattle
from bot.store.artists import get_or_create
from bot.store.battle_tables import BattleRow, BattleState, BattleVoteRow, Side
from bot.store.database import Database
from bot.store.pending import PendingStore
from bot.store.types import utc_now
from bot.store.voices import split_voice, voice_of
from bot.store.works import BATTLES, WorkStore


@dataclass(frozen=True, slots=True, kw_only=True)
class BattlePart:
    """What one artist says in one round."""

    text: str
    num_lines: int  # that were asked for
    num_candidates: int  # tries at each line
    rng_seed: int
    checkpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBattle:
    artist_a: str
    artist_b: str
    seed: str
    num_rounds: int
    temperature: float
    top_k: int
    top_p: float
    repetition_penalty: float
    locale: str  # of whoever asked
    user_id: int | None  # None: forgotten
    application_id: int  # whose message the card is
    guild_id: int | None
    channel_id: int
    # The servers whose own artists they are; None where all share them.
    artist_a_guild_id: int | None = None
    artist_b_guild_id: int | None = None

    @property
    def voices(self) -> tuple[str, str]:
        """What the model calls them."""
        return (
            voice_of(self.artist_a, self.artist_a_guild_id),
            voice_of(self.artist_b, self.artist_b_guild_id),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Battle(NewBattle):
    """`parts` are of A and B by turns, none until all are written; only then is there `ends_at`."""

    id: int
    message_id: int  # of the card
    state: BattleState
    parts: tuple[BattlePart, ...]
    created_at: datetime
    ends_at: datetime | None
    is_hidden: bool = False  # by a moderator


@dataclass(frozen=True, slots=True, kw_only=True)
class BattleCount:
    a: int
    b: int
    own: Side | None = None  # what the asking member's vote is


class BattleStore(WorkStore):
    def __init__(self, database: Database, pending: PendingStore) -> None:
        super().__init__(database, BATTLES)
        self._pending = pending

    async def begin(
        self, battle: NewBattle, message_id: int, *, answers: int | None = None
    ) -> Battle:
        """A battle that is being written, and the message that is its card.

        The interaction that it `answers` is looked after by the referee from now on.
        """
        async with self._database.writer() as session:
            a, b = [await get_or_create(session, *split_voice(voice)) for voice in battle.voices]
            row = BattleRow(
                state="writing",
                artist_a=a,
                artist_b=b,
                message_id=message_id,
                parts=[],
                created_at=utc_now(),
                **{name: getattr(battle, name) for name in _SHARED},
            )
            session.add(row)
            await session.flush()
            if answers is not None:
                await self._pending.forget_in(session, answers)
            return _battle(row)

    async def open_vote(
        self, battle_id: int, parts: Sequence[BattlePart], ends_at: datetime
    ) -> Battle:
        """All is written. Raises NoSuchBattle where it is not being written (any more)."""
        async with self._database.writer() as session:
            row = await session.get(BattleRow, battle_id)
            if row is None or row.state != "writing":
                raise NoSuchBattle(battle_id)
            row.state, row.ends_at = "voting", ends_at
            row.parts = [asdict(part) for part in parts]
            return _battle(row)

    async def cancel(self, battle_id: int) -> None:
        """It will not be written to its end. Nothing happens where it was."""
        await self._move(battle_id, "writing", "cancelled")

    async def decide(self, battle_id: int) -> None:
        """The vote is over, and its count stays; whatever the clock says later."""
        await self._move(battle_id, "voting", "decided")

    async def settle(self, battle_id: int) -> None:
        """The card shows how it ended, or is gone."""
        async with self._database.writer() as session:
            await session.execute(
                update(BattleRow).where(BattleRow.id == battle_id).values(settled_at=utc_now())
            )

    async def get(self, battle_id: int) -> Battle | None:
        async with self._database.reader() as session:
            row = await session.get(BattleRow, battle_id)
            return _battle(row) if row else None

    async def unsettled(self, application_id: int) -> list[Battle]:
        """Those of an application whose end their cards do not show yet, the oldest first."""
        waiting = (
            select(BattleRow)
            .where(BattleRow.settled_at.is_(None), BattleRow.application_id == application_id)
            .order_by(BattleRow.id)
        )
        async with self._database.reader() as session:
            return [_battle(row) for row in await session.scalars(waiting)]

    async def cast(
        self, battle_id: int, user_id: int, side: Side, *, guild_id: int | None = None
    ) -> BattleCount:
        """The press of a button: a vote, a change of it, or, for the same side again, its end.

        One transaction; gives the count after it. With `guild_id`, only on a battle of that server.
        Raises NoSuchBattle, HiddenBattle, or BattleOver from `ends_at` on.
        """
        async with self._database.writer() as session:
            row = await session.get(BattleRow, battle_id)
            if row is None or row.ends_at is None or guild_id not in {None, row.guild_id}:
                raise NoSuchBattle(battle_id)
            if row.hidden_at is not None:
                raise HiddenBattle
            if row.state != "voting" or row.ends_at <= utc_now():
                raise BattleOver(battle_id)
            before = (await _count(session, battle_id, user_id)).own
            await _write(session, battle_id, user_id, before, None if side == before else side)
            return await _count(session, battle_id, user_id)

    async def count(self, battle_id: int, user_id: int | None = None) -> BattleCount:
        """Zero for a battle that is unknown."""
        async with self._database.reader() as session:
            return await _count(session, battle_id, user_id)

    async def _move(self, battle_id: int, before: BattleState, after: BattleState) -> None:
        async with self._database.writer() as session:
            await session.execute(
                update(BattleRow)
                .where(BattleRow.id == battle_id, BattleRow.state == before)
                .values(state=after)
            )


def _num_votes(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


async def _count(session: AsyncSession, battle_id: int, user_id: int | None) -> BattleCount:
    own = func.max(case((BattleVoteRow.user_id == user_id, BattleVoteRow.side)))
    counted = await session.execute(
        select(
            _num_votes(BattleVoteRow.side == "a"), _num_votes(BattleVoteRow.side == "b"), own
        ).where(BattleVoteRow.battle_id == battle_id)
    )
    a, b, side = counted.one()
    return BattleCount(a=a, b=b, own=side)


async def _write(
    session: AsyncSession, battle_id: int, user_id: int, before: Side | None, after: Side | None
) -> None:
    now = utc_now()
    own = and_(BattleVoteRow.battle_id == battle_id, BattleVoteRow.user_id == user_id)
    if before is None:
        await session.execute(
            insert(BattleVoteRow).values(
                battle_id=battle_id, user_id=user_id, side=after, created_at=now, updated_at=now
            )
        )
    elif after is None:
        await session.execute(delete(BattleVoteRow).where(own))
    else:
        changed = update(BattleVoteRow).where(own).values(side=after, updated_at=now)
        await session.execute(changed)


# The fields that a battle and its row have under one name.
_SHARED = tuple(
    name for name in NewBattle.__dataclass_fields__ if not name.startswith(("artist_a", "artist_b"))
)


def _battle(row: BattleRow) -> Battle:
    return Battle(
        id=row.id,
        message_id=row.message_id,
        state=row.state,
        artist_a=row.artist_a.name,
        artist_a_guild_id=row.artist_a.guild_id,
        artist_b=row.artist_b.name,
        artist_b_guild_id=row.artist_b.guild_id,
        parts=tuple(BattlePart(**part) for part in row.parts),
        created_at=row.created_at,
        ends_at=row.ends_at,
        is_hidden=row.hidden_at is not None,
        **{name: getattr(row, name) for name in _SHARED},
    )

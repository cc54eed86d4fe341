"""What members make public, vote on, report and have hidden: each kind of it, described once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import ColumnElement, update

from bot.errors import (
    HiddenBattle,
    HiddenBeat,
    HiddenVerse,
    NoSuchBattle,
    NoSuchBeat,
    NoSuchVerse,
)
from bot.store.battle_tables import BattleRow, BattleVoteRow
from bot.store.beat_tables import BeatRow, BeatVoteRow
from bot.store.database import Database
from bot.store.tables import VerseRow, VoteRow
from bot.store.types import utc_now

WorkKind = Literal["verse", "battle", "beat"]
VotedKind = Literal["verse", "beat"]
NoSuchWork = NoSuchVerse | NoSuchBattle | NoSuchBeat
HiddenWork = HiddenVerse | HiddenBattle | HiddenBeat


@dataclass(frozen=True, slots=True)
class Subject:
    """One work: what a report is about, or what answers a request."""

    kind: WorkKind
    id: int

    def missing(self) -> NoSuchWork:
        """The error for when it cannot be found."""
        return WORKS[self.kind].missing(self.id)

    def hidden(self) -> HiddenWork:
        """The error for when a moderator has hidden it."""
        return WORKS[self.kind].hidden()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One kind: where it is kept, and what is left of it once it is erased."""

    row: type[VerseRow] | type[BattleRow] | type[BeatRow]
    vote: type[VoteRow] | type[BattleVoteRow] | type[BeatVoteRow]
    id_name: Literal["verse_id", "battle_id", "beat_id"]  # of the column that refers to one
    erased: Mapping[str, Any]
    missing: type[NoSuchVerse] | type[NoSuchBattle] | type[NoSuchBeat]
    hidden: type[HiddenVerse] | type[HiddenBattle] | type[HiddenBeat]

    @property
    def voted_id(self) -> ColumnElement[int]:
        """Of a vote: the work that it is on."""
        column: ColumnElement[int] = getattr(self.vote, self.id_name)
        return column


@dataclass(frozen=True, slots=True, kw_only=True)
class VotedWork(Work):
    """One that members vote up or down."""

    row: type[VerseRow] | type[BeatRow]
    vote: type[VoteRow] | type[BeatVoteRow]

    def made(self, since: datetime | None, guild_id: int | None) -> list[ColumnElement[bool]]:
        """The conditions for one of that time and that server."""
        times = [] if since is None else [self.row.created_at >= since]
        places = [] if guild_id is None else [self.row.guild_id == guild_id]
        return times + places


VERSES = VotedWork(
    row=VerseRow,
    vote=VoteRow,
    id_name="verse_id",
    erased=MappingProxyType({"seed": "", "context": "", "text": ""}),
    missing=NoSuchVerse,
    hidden=HiddenVerse,
)
BATTLES = Work(
    row=BattleRow,
    vote=BattleVoteRow,
    id_name="battle_id",
    erased=MappingProxyType({"seed": "", "parts": []}),
    missing=NoSuchBattle,
    hidden=HiddenBattle,
)
BEATS = VotedWork(
    row=BeatRow,
    vote=BeatVoteRow,
    id_name="beat_id",
    erased=MappingProxyType({"prime": None, "result": b""}),
    missing=NoSuchBeat,
    hidden=HiddenBeat,
)
# In the order in which moderators see them.
WORKS: Mapping[WorkKind, Work] = MappingProxyType(
    {"verse": VERSES, "battle": BATTLES, "beat": BEATS}
)


class WorkStore:
    """What the stores of all kinds do alike."""

    def __init__(self, database: Database, work: Work) -> None:
        self._database = database
        self._work = work

    async def set_message(self, work_id: int, channel_id: int, message_id: int) -> None:
        """Remembers the message that shows it."""
        await self._set(work_id, channel_id=channel_id, message_id=message_id)

    async def hide(self, work_id: int, hidden_by: int) -> None:
        """It takes no more votes and stands in no list; it is kept, for whoever moderates."""
        await self._set(work_id, hidden_at=utc_now(), hidden_by=hidden_by)

    async def unhide(self, work_id: int) -> None:
        await self._set(work_id, hidden_at=None, hidden_by=None)

    async def _set(self, work_id: int, **values: datetime | int | None) -> None:
        row = self._work.row
        async with self._database.writer() as session:
            await session.execute(update(row).where(row.id == work_id).values(**values))

"""Everything that is kept of one member: told on request, and forgotten on request."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, Table, and_, delete, func, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.store.battle_tables import BattleRow, BattleVoteRow
from bot.store.beat_tables import BeatRow, BeatVoteRow
from bot.store.database import Database
from bot.store.guild_tables import ArtistRemovalRow, BanRow, BlockedWordRow
from bot.store.operation_tables import PendingRequestRow
from bot.store.report_tables import ReportRow
from bot.store.tables import ArtistRow, CheckpointRow, LyricsRow, TrainingRunRow, VerseRow, VoteRow
from bot.store.types import utc_now
from bot.store.works import BEATS, VERSES, WORKS, Work


class Parting(Enum):
    """What becomes of a row when the member in one of its columns leaves."""

    DELETE = "the row goes"
    CLEAR = "the row stays without the member"
    KEEP = "the row stays as it is"


# Every column of the database that says who somebody is, and under what name a member reads of it.
MEMBER_COLUMNS: Mapping[InstrumentedAttribute[Any], tuple[str, Parting]] = MappingProxyType(
    {
        VerseRow.user_id: ("verses you asked for", Parting.CLEAR),
        VoteRow.user_id: ("votes on verses", Parting.DELETE),
        BattleRow.user_id: ("battles you asked for", Parting.CLEAR),
        BattleVoteRow.user_id: ("votes on battles", Parting.DELETE),
        BeatRow.user_id: ("beats you asked for", Parting.CLEAR),
        BeatVoteRow.user_id: ("votes on beats", Parting.DELETE),
        LyricsRow.submitter_id: ("lyrics and beats you handed in", Parting.CLEAR),
        LyricsRow.reviewer_id: ("lyrics and beats you reviewed", Parting.CLEAR),
        ReportRow.reporter_id: ("reports you made", Parting.CLEAR),
        ReportRow.resolver_id: ("reports you decided", Parting.CLEAR),
        PendingRequestRow.user_id: ("requests without an answer yet", Parting.DELETE),
        # Who was banned could else come back by asking to be forgotten.
        BanRow.user_id: ("bans of you", Parting.KEEP),
        BanRow.banned_by: ("bans by you", Parting.CLEAR),
        BlockedWordRow.created_by: ("words you blocked", Parting.CLEAR),
        ArtistRemovalRow.removed_by: ("artists you removed", Parting.CLEAR),
        VerseRow.hidden_by: ("verses you hid", Parting.CLEAR),
        BattleRow.hidden_by: ("battles you hid", Parting.CLEAR),
        BeatRow.hidden_by: ("beats you hid", Parting.CLEAR),
        CheckpointRow.pinned_by: ("versions you pinned", Parting.CLEAR),
        CheckpointRow.promoted_by: ("versions you went back to", Parting.CLEAR),
        TrainingRunRow.requested_by: ("training runs you started", Parting.CLEAR),
    }
)
# What somebody else could misuse is shown to nobody.
_SECRETS = frozenset({PendingRequestRow.token})
# Of these rows a member is told what they did, not everything about the work of others.
_ONLY_NUMBERS = frozenset(
    {
        LyricsRow.reviewer_id,
        VerseRow.hidden_by,
        BattleRow.hidden_by,
        BeatRow.hidden_by,
        ReportRow.resolver_id,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was done, as numbers of rows, and which lyrics are withdrawn by it."""

    num_votes: int
    num_verses: int
    num_beats: int
    lyrics_ids: tuple[int, ...]

    @property
    def num_lyrics(self) -> int:
        return len(self.lyrics_ids)


class MemberStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def export(self, user_id: int) -> dict[str, list[dict[str, Any]]]:
        """All rows that name the member, by what they are, fit for JSON; of others nothing."""
        told: dict[str, list[dict[str, Any]]] = {}
        async with self._database.reader() as session:
            names = {row.id: row.name for row in await session.execute(_ARTIST_NAMES)}
            for attribute, (section, _) in MEMBER_COLUMNS.items():
                table = _table(attribute)
                shown = _shown_columns(table, attribute)
                rows = await session.execute(
                    select(*shown).where(_column(attribute) == user_id).order_by(*table.primary_key)
                )
                told[section] = [_told(row, names) for row in rows]
        return told

    async def forget(self, user_id: int, *, erase_verses: bool) -> Forgotten:
        """One transaction: votes go, submissions lose their words, all else loses the member.

        With `erase_verses` the words of verses and battles and the notes of beats that the member
        asked for go too.
        """
        async with self._database.writer() as session:
            done = Forgotten(
                num_votes=await _delete_votes(session, user_id),
                num_verses=await _num_asked_for(session, VERSES, user_id),
                num_beats=await _num_asked_for(session, BEATS, user_id),
                lyrics_ids=await _withdraw_lyrics(session, user_id),
            )
            if erase_verses:
                for work in WORKS.values():
                    await _erase(session, work, user_id)
            await session.execute(
                update(ReportRow).where(ReportRow.reporter_id == user_id).values(reason=None)
            )
            for attribute, (_, parting) in MEMBER_COLUMNS.items():
                await _part(session, attribute, parting, user_id)
        await self._database.erase_traces()
        return done


_ARTIST_NAMES = select(ArtistRow.id, ArtistRow.name)


async def _delete_votes(session: AsyncSession, user_id: int) -> int:
    num_votes = 0
    for vote in (work.vote for work in WORKS.values()):
        gone = delete(vote).where(vote.user_id == user_id).returning(vote.user_id)
        num_votes += len((await session.scalars(gone)).all())
    return num_votes


async def _num_asked_for(session: AsyncSession, work: Work, user_id: int) -> int:
    own = select(func.count()).where(work.row.user_id == user_id)
    return await session.scalar(own) or 0


async def _erase(session: AsyncSession, work: Work, user_id: int) -> None:
    """Battles stay to be decided, without a word."""
    row = work.row
    own = row.user_id == user_id
    if not issubclass(row, BattleRow):
        present = and_(own, row.deleted_at.is_(None))
        await session.execute(update(row).where(present).values(deleted_at=utc_now()))
    await session.execute(update(row).where(own).values(**work.erased))


async def _withdraw_lyrics(session: AsyncSession, user_id: int) -> tuple[int, ...]:
    own = LyricsRow.submitter_id == user_id
    withdrawn = (
        update(LyricsRow)
        .where(own)
        .values(state="withdrawn", text="", midi=None, title="", source="", findings={})
        .returning(LyricsRow.id)
    )
    return tuple((await session.scalars(withdrawn)).all())


async def _part(
    session: AsyncSession, attribute: InstrumentedAttribute[Any], parting: Parting, user_id: int
) -> None:
    column = _column(attribute)
    if parting is Parting.DELETE:
        await session.execute(delete(column.table).where(column == user_id))
    elif parting is Parting.CLEAR:
        await session.execute(
            update(column.table).where(column == user_id).values({column.name: None})
        )


def _column(attribute: InstrumentedAttribute[Any]) -> Column[Any]:
    column: Column[Any] = attribute.property.columns[0]
    return column


def _table(attribute: InstrumentedAttribute[Any]) -> Table:
    return _column(attribute).table


def _shown_columns(table: Table, asked: InstrumentedAttribute[Any]) -> list[Column[Any]]:
    others = {_column(each) for each in MEMBER_COLUMNS} | {_column(each) for each in _SECRETS}
    if asked in _ONLY_NUMBERS:
        return list(table.primary_key)
    return [column for column in table.columns if column not in others]


def _told(row: Row[Any], artist_names: Mapping[int, str]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in row._mapping.items():
        if name.endswith("artist_id") or name in ("artist_a_id", "artist_b_id"):
            told[name.removesuffix("_id")] = artist_names.get(value)
        else:
            told[name] = _for_json(value)
    return told


def _for_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    # MIDI files, as `base64 -d` makes them again.
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value

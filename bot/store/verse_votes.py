"""Votes as training sees them: those on verses, which teach."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, func, select

from bot.store.database import Database
from bot.store.removals import removed_artists
from bot.store.tables import ArtistRow, RunState, TrainingRunRow, VerseRow, VoteRow
from bot.store.voices import voice_of
from bot.store.votes import VoteStore
from bot.store.works import VERSES


@dataclass(frozen=True, slots=True, kw_only=True)
class CastVote:
    """A vote as training sees it: on what, whose, and where."""

    verse_id: int
    artist: str  # the voice of it
    guild_id: int | None
    requester_id: int  # who asked for the verse
    user_id: int  # who voted
    value: Literal[1, -1]
    cast_at: datetime


class VerseVoteStore(VoteStore):
    def __init__(self, database: Database) -> None:
        super().__init__(database, VERSES)

    async def untaught(self, limit: int, until: datetime | None = None) -> list[CastVote]:
        """The newest votes that no promoted run has learned from, newest first; a run that was
        rejected leaves its votes for the next one. `until` leaves out those that are newer.

        On verses that may still be read, in one voice: of a mix nobody knows whose part is meant.
        """
        columns = (
            VoteRow.verse_id,
            ArtistRow.name,
            ArtistRow.guild_id.label("owner_id"),
            VerseRow.guild_id,
            VerseRow.user_id.label("requester_id"),
            VoteRow.user_id,
            VoteRow.value,
            VoteRow.updated_at.label("cast_at"),
        )
        newest = (
            select(*columns)
            .join(VerseRow, VerseRow.id == VoteRow.verse_id)
            .join(ArtistRow, ArtistRow.id == VerseRow.artist_id)
            .where(*_teaches("promoted"))
            .order_by(VoteRow.updated_at.desc(), VoteRow.verse_id, VoteRow.user_id)
            .limit(limit)
        )
        if until is not None:
            newest = newest.where(VoteRow.updated_at <= until)
        async with self._database.reader() as session:
            return [_cast_vote(row._asdict()) for row in await session.execute(newest)]

    async def num_since_last_run(self) -> int:
        """How many were cast after those of the last run that came to a verdict."""
        count = (
            select(func.count())
            .select_from(VoteRow)
            .join(VerseRow, VerseRow.id == VoteRow.verse_id)
            .where(*_teaches("promoted", "rejected"))
        )
        async with self._database.reader() as session:
            return (await session.scalar(count)) or 0


def _cast_vote(values: dict[str, Any]) -> CastVote:
    return CastVote(artist=voice_of(values.pop("name"), values.pop("owner_id")), **values)


def _teaches(*states: RunState) -> tuple[ColumnElement[bool], ...]:
    """Votes on verses that may be read, newer than what runs with such an end have learned."""
    learned_until = select(func.max(TrainingRunRow.votes_until)).where(
        TrainingRunRow.state.in_(states)
    )
    never = datetime(1970, 1, 1, tzinfo=UTC)
    return (
        VerseRow.deleted_at.is_(None),
        VerseRow.hidden_at.is_(None),
        VerseRow.artist_id.not_in(removed_artists(None)),
        VerseRow.mix_artist_id.is_(None),
        VoteRow.updated_at > func.coalesce(learned_until.scalar_subquery(), never),
    )

"""Lyrics and beats: submitted, reviewed, imported, withdrawn, and those that the next run of their
kind learns from.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from itertools import zip_longest

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import (
    AlreadyReviewed,
    DuplicateBeat,
    DuplicateLyrics,
    NoSuchLyrics,
    OwnSubmission,
)
from bot.store import importing
from bot.store.artists import get_or_create
from bot.store.database import Database
from bot.store.importing import ImportedSong, ImportOutcome
from bot.store.lyrics_records import SUBMITTED, Lyrics, NewLyrics, lyrics_of
from bot.store.quotas import NO_QUOTAS, SubmissionQuotas, refuse_beyond
from bot.store.removals import is_withheld
from bot.store.tables import (
    LessonKind,
    LyricsRow,
    TrainingRunLyricsRow,
    TrainingRunRow,
)
from bot.store.types import utc_now

_PAGE = 500  # numbers in one question


class LyricsStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def submit(self, lyrics: NewLyrics, quotas: SubmissionQuotas = NO_QUOTAS) -> Lyrics:
        """Puts lyrics or a beat in the queue for review.

        Raises DuplicateLyrics or DuplicateBeat, and what `refuse_beyond` does when a quota is
        reached.
        """
        now = utc_now()
        async with self._database.writer() as session:
            await refuse_beyond(
                session,
                quotas,
                submitter_id=lyrics.submitter_id,
                guild_id=lyrics.guild_id,
                now=now,
            )
            owner_id = None if lyrics.is_shared else lyrics.guild_id
            artist = await get_or_create(session, lyrics.artist, owner_id, lyrics.kind)
            await _refuse_duplicate(session, artist.id, lyrics)
            values = {name: getattr(lyrics, name) for name in SUBMITTED}
            row = LyricsRow(
                artist=artist, origin="submission", state="pending", created_at=now, **values
            )
            session.add(row)
            await session.flush()
            return lyrics_of(row)

    async def import_songs(
        self,
        songs: Iterable[ImportedSong],
        *,
        dry_run: bool = False,
        guild_id: int | None = None,
    ) -> list[ImportOutcome]:
        """Takes songs in as approved, in one transaction; one outcome for each, in their order.

        They teach shared artists, or, with `guild_id`, that server's own.

        Nothing else can be written meanwhile, so give a large collection in batches of some
        hundreds. A dry run writes nothing and blocks nobody: give it all songs at once.
        """
        if dry_run:
            async with self._database.reader() as session:
                return await importing.sort_out(session, songs, guild_id)
        async with self._database.writer() as session:
            outcomes = await importing.sort_out(session, songs, guild_id)
            await importing.write(session, outcomes, guild_id)
            return outcomes

    async def get(self, lyrics_id: int) -> Lyrics | None:
        async with self._database.reader() as session:
            row = await session.get(LyricsRow, lyrics_id)
            return lyrics_of(row) if row else None

    async def pending(
        self, guild_id: int | None = None, limit: int = 25, after_id: int = 0
    ) -> list[Lyrics]:
        """The queue for review, oldest first; `after_id` is the last one of the page before."""
        waiting = _is_pending(guild_id=guild_id)
        return await self._list(
            select(LyricsRow).where(*waiting, LyricsRow.id > after_id).limit(limit)
        )

    async def num_pending(
        self, guild_id: int | None = None, submitter_id: int | None = None
    ) -> int:
        async with self._database.reader() as session:
            return await _count(session, _is_pending(guild_id=guild_id, submitter_id=submitter_id))

    async def review(
        self,
        lyrics_id: int,
        approve: bool,
        reviewer_id: int,
        reason: str | None = None,
        *,
        guild_id: int | None = None,
        may_own: bool = True,
    ) -> Lyrics:
        """Decides once. With `guild_id`, only on what was submitted in that server.

        Raises NoSuchLyrics, AlreadyReviewed, or, unless they `may_own`, OwnSubmission for an
        approval of what the reviewer handed in.
        """
        async with self._database.writer() as session:
            row = await session.get(LyricsRow, lyrics_id)
            if row is None or (guild_id is not None and row.guild_id != guild_id):
                raise NoSuchLyrics(lyrics_id)
            if row.state != "pending":
                raise AlreadyReviewed(lyrics_id, row.state)
            if approve and not may_own and row.submitter_id == reviewer_id:
                raise OwnSubmission
            row.state = "approved" if approve else "refused"
            row.reviewer_id, row.reviewed_at, row.reason = reviewer_id, utc_now(), reason
            return lyrics_of(row)

    async def withdraw(
        self, lyrics_id: int, *, submitter_id: int | None = None, guild_id: int | None = None
    ) -> Lyrics:
        """Takes lyrics out of all further training and erases their words.

        With `submitter_id`, only that member's own; with `guild_id`, only what was submitted there.
        Raises NoSuchLyrics, also the second time.
        """
        async with self._database.writer() as session:
            row = await session.get(LyricsRow, lyrics_id)
            if row is None or row.state == "withdrawn":
                raise NoSuchLyrics(lyrics_id)
            if submitter_id is not None and row.submitter_id != submitter_id:
                raise NoSuchLyrics(lyrics_id)
            if guild_id is not None and row.guild_id != guild_id:
                raise NoSuchLyrics(lyrics_id)
            row.state, row.text, row.midi = "withdrawn", "", None
            lyrics = lyrics_of(row)
        await self._database.erase_traces()
        return lyrics

    async def of_member(self, submitter_id: int, guild_id: int | None = None) -> list[Lyrics]:
        """Everything a member submitted, in all servers or in one, withdrawn or not."""
        theirs = select(LyricsRow).where(LyricsRow.submitter_id == submitter_id)
        if guild_id is not None:
            theirs = theirs.where(LyricsRow.guild_id == guild_id)
        return await self._list(theirs)

    async def approved(self, kind: LessonKind = "lyrics") -> list[Lyrics]:
        return await self._list(
            select(LyricsRow).where(LyricsRow.state == "approved", LyricsRow.kind == kind)
        )

    async def approved_among(self, ids: Sequence[int]) -> list[Lyrics]:
        """Those that are approved (still) and of nobody removed, in the order of `ids`."""
        found: dict[int, Lyrics] = {}
        for start in range(0, len(ids), _PAGE):
            part = ids[start : start + _PAGE]
            is_approved = LyricsRow.state == "approved"
            rows = select(LyricsRow).where(LyricsRow.id.in_(part), is_approved, ~is_withheld())
            found |= {lyrics.id: lyrics for lyrics in await self._list(rows)}
        return [found[each] for each in ids if each in found]

    async def all_texts(self, page: int = 2_000) -> AsyncIterator[list[str]]:
        """The words of everything that was handed in and not withdrawn, page by page."""
        rows = select(LyricsRow.id, LyricsRow.text).where(
            LyricsRow.kind == "lyrics", LyricsRow.state != "withdrawn"
        )
        last_id = 0
        while True:
            after = rows.where(LyricsRow.id > last_id).order_by(LyricsRow.id).limit(page)
            async with self._database.reader() as session:
                found = (await session.execute(after)).all()
            if not found:
                return
            last_id = found[-1].id
            yield [row.text for row in found]

    async def approved_since_last_run(
        self, kind: LessonKind = "lyrics", *, after_id: int = 0, limit: int | None = None
    ) -> list[Lyrics]:
        """Approved lyrics, or beats, that no run has learned from to its verdict, promoted or
        rejected.

        A run that failed, was cancelled or interrupted leaves its lyrics for the next one.
        `after_id` is the last one of the page before.
        """
        return await self._list(
            select(LyricsRow).where(*_is_new(kind), LyricsRow.id > after_id).limit(limit)
        )

    async def learned(
        self, versions: Collection[str], *, num_newest: int, num_random: int
    ) -> list[Lyrics]:
        """Approved lyrics that these versions learned: the newest, and others at random, turn by
        turn.
        """
        by_them = (
            select(TrainingRunLyricsRow.lyrics_id)
            .join(TrainingRunRow, TrainingRunRow.id == TrainingRunLyricsRow.run_id)
            .where(TrainingRunRow.candidate.in_(versions), TrainingRunRow.state == "promoted")
        )
        is_approved = LyricsRow.state == "approved"
        known = select(LyricsRow).where(is_approved, ~is_withheld(), LyricsRow.id.in_(by_them))
        async with self._database.reader() as session:
            newest = [
                lyrics_of(row)
                for row in await session.scalars(
                    known.order_by(LyricsRow.id.desc()).limit(num_newest)
                )
            ]
            others = known.where(LyricsRow.id < newest[-1].id) if newest else known
            drawn = await session.scalars(others.order_by(func.random()).limit(num_random))
            by_turns = zip_longest(newest, [lyrics_of(row) for row in drawn])
            return [each for pair in by_turns for each in pair if each is not None]

    async def num_approved_since_last_run(self, kind: LessonKind = "lyrics") -> int:
        async with self._database.reader() as session:
            return await _count(session, _is_new(kind))

    async def _list(self, rows: Select[LyricsRow]) -> list[Lyrics]:
        async with self._database.reader() as session:
            return [lyrics_of(row) for row in await session.scalars(rows.order_by(LyricsRow.id))]


Conditions = tuple[ColumnElement[bool], ...]


def _is_pending(*, guild_id: int | None = None, submitter_id: int | None = None) -> Conditions:
    conditions: Conditions = (LyricsRow.state == "pending",)
    if guild_id is not None:
        conditions += (LyricsRow.guild_id == guild_id,)
    if submitter_id is not None:
        conditions += (LyricsRow.submitter_id == submitter_id,)
    return conditions


def _is_new(kind: LessonKind) -> Conditions:
    learned = (
        select(TrainingRunLyricsRow.lyrics_id)
        .join(TrainingRunRow, TrainingRunRow.id == TrainingRunLyricsRow.run_id)
        .where(
            TrainingRunLyricsRow.lyrics_id == LyricsRow.id,
            TrainingRunRow.state.in_(("promoted", "rejected")),
        )
    )
    is_approved = LyricsRow.state == "approved"
    return (LyricsRow.kind == kind, is_approved, ~is_withheld(), ~learned.exists())


async def _count(session: AsyncSession, conditions: Conditions) -> int:
    counted = await session.scalar(select(func.count()).select_from(LyricsRow).where(*conditions))
    return counted or 0


async def _refuse_duplicate(session: AsyncSession, artist_id: int, lyrics: NewLyrics) -> None:
    """What another server handed in, to an artist that all share, is not told of."""
    present = await session.scalar(
        select(LyricsRow).where(
            LyricsRow.artist_id == artist_id,
            LyricsRow.fingerprint == lyrics.fingerprint,
            LyricsRow.state != "withdrawn",
        )
    )
    if present is not None:
        fault = DuplicateBeat if lyrics.kind == "beats" else DuplicateLyrics
        if present.guild_id not in {None, lyrics.guild_id}:
            raise fault(lyrics.artist, lyrics.title, "known")
        raise fault(present.artist.name, present.title, present.state)

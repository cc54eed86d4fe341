"""Verses: what was made, for whom, and everything needed to make it again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.artists import get_or_create
from bot.store.database import Database
from bot.store.pending import PendingStore
from bot.store.removals import removed_artists
from bot.store.tables import ArtistRow, VerseRow
from bot.store.types import fold_name, utc_now
from bot.store.voices import split_voice, voice_of
from bot.store.votes import Ranked, best_voted
from bot.store.works import VERSES, WorkStore

_AT_ONCE = 500  # numbers in one query


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVerse:
    artist: str
    seed: str
    text: str
    num_lines: int
    temperature: float
    top_k: int
    top_p: float
    repetition_penalty: float
    rng_seed: int  # 0 to 2**63 - 1
    checkpoint: str  # the version that wrote it
    user_id: int | None  # None: forgotten
    guild_id: int | None = None
    channel_id: int | None = None
    message_id: int | None = None
    context: str = ""  # what stood before the seed, when a verse was continued
    parent_id: int | None = None  # the verse that was continued
    scheme: str | None = None  # like "AABB", or "free"; None in verses from before there were any
    num_candidates: int | None = None  # tries at each line; None as above
    mix_artist: str | None = None  # a second voice
    mix_share: int | None = None  # of it, in per cent, 1 to 99
    # The servers whose own artists they are; None where all share them.
    artist_guild_id: int | None = None
    mix_guild_id: int | None = None

    @property
    def voice(self) -> str:
        """What the model calls the artist."""
        return voice_of(self.artist, self.artist_guild_id)

    @property
    def mix_voice(self) -> str | None:
        return None if self.mix_artist is None else voice_of(self.mix_artist, self.mix_guild_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verse(NewVerse):
    id: int
    created_at: datetime
    is_hidden: bool = False  # by a moderator


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedVerse(Ranked):
    verse: Verse


class VerseStore(WorkStore):
    def __init__(self, database: Database, pending: PendingStore) -> None:
        super().__init__(database, VERSES)
        self._pending = pending
        # Row and first spelling by voice, of those who have verses: an artist's row never changes.
        self._artists: dict[str, tuple[int, str]] = {}

    async def add(self, verse: NewVerse, *, answers: int | None = None) -> Verse:
        """`answers` is the interaction that asked for it, which is noted in the same transaction.

        From then on a crash can only keep the verse from being shown until the next start.
        """
        values = {name: getattr(verse, name) for name in _SHARED}
        async with self._database.writer() as session:
            voices = [voice for voice in (verse.voice, verse.mix_voice) if voice is not None]
            known = {voice: await self._artist(session, voice) for voice in voices}
            artist_id, artist = known[verse.voice]
            mix_id, mix = known[verse.mix_voice] if verse.mix_voice else (None, None)
            row = VerseRow(
                artist_id=artist_id, mix_artist_id=mix_id, created_at=utc_now(), **values
            )
            session.add(row)
            await session.flush()
            if answers is not None:
                await self._pending.answer_with(session, answers, verse_id=row.id)
            added = Verse(
                id=row.id,
                artist=artist,
                artist_guild_id=verse.artist_guild_id,
                mix_artist=mix,
                mix_guild_id=verse.mix_guild_id,
                created_at=row.created_at,
                **values,
            )
        self._artists |= known  # committed, and so there to stay
        return added

    async def _artist(self, session: AsyncSession, voice: str) -> tuple[int, str]:
        if known := self._artists.get(voice):
            return known
        row = await get_or_create(session, *split_voice(voice))
        return row.id, row.name

    async def get(self, verse_id: int) -> Verse | None:
        """None for a verse that is unknown or deleted."""
        async with self._database.reader() as session:
            row = await session.get(VerseRow, verse_id)
            return None if row is None or row.deleted_at else _verse(row)

    async def get_many(self, verse_ids: Iterable[int]) -> list[Verse]:
        """Those that are known and not deleted, in no order."""
        ids = list(verse_ids)
        found: list[Verse] = []
        async with self._database.reader() as session:
            for start in range(0, len(ids), _AT_ONCE):
                rows = select(VerseRow).where(
                    VerseRow.id.in_(ids[start : start + _AT_ONCE]), VerseRow.deleted_at.is_(None)
                )
                found += [_verse(row) for row in await session.scalars(rows)]
        return found

    async def delete(self, verse_id: int) -> bool:
        """Whether there was such a verse. Its words go; its row stays, and takes no more votes."""
        async with self._database.writer() as session:
            row = await session.get(VerseRow, verse_id)
            if row is None or row.deleted_at:
                return False
            row.deleted_at = utc_now()
            for name, value in VERSES.erased.items():
                setattr(row, name, value)
            return True

    async def top(
        self,
        voice: str | None = None,
        since: datetime | None = None,
        limit: int = 10,
        guild_id: int | None = None,
    ) -> list[RankedVerse]:
        """Verses with a net score above zero, best first; of equals the newer one first.

        `since` is about when a verse was made.
        """
        shown = [*VERSES.made(since, guild_id), *_is_of_artists_there(guild_id)]
        if voice is not None:
            name, owner_id = split_voice(voice)
            is_theirs = ArtistRow.guild_id.is_not_distinct_from(owner_id)
            shown.append(VerseRow.artist.has(is_theirs & (ArtistRow.key == fold_name(name))))
        async with self._database.reader() as session:
            ranks = await best_voted(session, VERSES, shown, limit)
            ids = [verse_id for verse_id, _, _ in ranks]
            found = await session.scalars(select(VerseRow).where(VerseRow.id.in_(ids)))
            verses = {row.id: _verse(row) for row in found}
        return [
            RankedVerse(verse=verses[verse_id], up=up, down=down) for verse_id, up, down in ranks
        ]


def _is_of_artists_there(guild_id: int | None) -> tuple[ColumnElement[bool], ...]:
    removed = removed_artists(guild_id)
    return (
        VerseRow.artist_id.not_in(removed),
        func.coalesce(VerseRow.mix_artist_id, 0).not_in(removed),
    )


# The fields that a verse and its row have under one name.
_OF_ARTISTS = ("artist", "artist_guild_id", "mix_artist", "mix_guild_id")
_SHARED = tuple(name for name in NewVerse.__dataclass_fields__ if name not in _OF_ARTISTS)


def _verse(row: VerseRow) -> Verse:
    return Verse(
        id=row.id,
        artist=row.artist.name,
        artist_guild_id=row.artist.guild_id,
        mix_artist=row.mix.name if row.mix else None,
        mix_guild_id=row.mix.guild_id if row.mix else None,
        created_at=row.created_at,
        is_hidden=row.hidden_at is not None,
        **{name: getattr(row, name) for name in _SHARED},
    )

"""The import of whole collections: which songs are new, and writing those."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.artists import get_or_create
from bot.store.tables import ArtistRow, LyricsRow, LyricsState
from bot.store.types import fold_name, utc_now

# SQLite takes 32,766 parameters in a statement; this stays well below, and PostgreSQL's limit too.
_NUM_KEYS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedSong:
    artist: str
    title: str
    text: str  # cleaned
    fingerprint: str  # of the text, the same for the same words
    language: str
    source: str = ""  # the file it came from


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOutcome:
    song: ImportedSong
    duplicate_of: str | None = None  # the title under which the same words are there already
    duplicate_state: LyricsState | None = None

    @property
    def is_taken(self) -> bool:
        return self.duplicate_of is None


# (artist's key, fingerprint) -> (title, state)
_Known = dict[tuple[str, str], tuple[str, LyricsState]]


async def sort_out(
    session: AsyncSession, songs: Iterable[ImportedSong], guild_id: int | None
) -> list[ImportOutcome]:
    """Which songs are new, and which repeat one in the database or one before them.

    Only lyrics of artists with the same owner count: those of `guild_id`, or shared ones.
    """
    songs = list(songs)
    known = await _known(session, {fold_name(song.artist) for song in songs}, guild_id)
    outcomes = []
    for song in songs:
        words = (fold_name(song.artist), song.fingerprint)
        title, state = known.get(words, (None, None))
        outcomes.append(ImportOutcome(song=song, duplicate_of=title, duplicate_state=state))
        known.setdefault(words, (song.title, "approved"))
    return outcomes


async def write(
    session: AsyncSession, outcomes: Sequence[ImportOutcome], guild_id: int | None
) -> None:
    """Inside a writer: the songs that `sort_out` found new, as approved lyrics."""
    now = utc_now()
    artist_ids: dict[str, int] = {}
    rows = []
    for song in (outcome.song for outcome in outcomes if outcome.is_taken):
        if song.artist not in artist_ids:
            artist_ids[song.artist] = (await get_or_create(session, song.artist, guild_id)).id
        rows.append(
            {
                "artist_id": artist_ids[song.artist],
                "title": song.title,
                "text": song.text,
                "fingerprint": song.fingerprint,
                "language": song.language,
                "origin": "import",
                "guild_id": guild_id,
                "source": song.source,
                "state": "approved",
                "created_at": now,
            }
        )
    if rows:
        await session.execute(insert(LyricsRow), rows)


async def _known(session: AsyncSession, artist_keys: set[str], guild_id: int | None) -> _Known:
    ordered, known = sorted(artist_keys), _Known()
    for first in range(0, len(ordered), _NUM_KEYS):
        found = await session.execute(
            select(ArtistRow.key, LyricsRow.fingerprint, LyricsRow.title, LyricsRow.state)
            .join(ArtistRow, ArtistRow.id == LyricsRow.artist_id)
            .where(ArtistRow.key.in_(ordered[first : first + _NUM_KEYS]))
            .where(ArtistRow.guild_id.is_not_distinct_from(guild_id))
            .where(LyricsRow.state != "withdrawn")
        )
        known |= {(key, words): (title, state) for key, words, title, state in found}
    return known

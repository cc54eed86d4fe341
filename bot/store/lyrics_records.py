"""Lyrics and beats as they are handed in, and as they are kept."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.store.tables import LessonKind, LyricsOrigin, LyricsRow, LyricsState
from bot.store.voices import voice_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLyrics:
    """What a member submits: words, or of a beat the MIDI, with its style as the artist."""

    artist: str  # may be new
    title: str
    text: str  # cleaned
    fingerprint: str  # of the text or the notes, the same for the same
    language: str
    submitter_id: int
    guild_id: int | None
    consent_at: datetime
    source: str = ""  # how it came: "modal", or the name of a file
    is_shared: bool = False  # teaches an artist of all servers, not one of `guild_id`
    findings: dict[str, Any] = field(default_factory=dict)  # for the reviewer
    kind: LessonKind = "lyrics"
    midi: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lyrics:
    """What an artist is to lyrics, a style is to a beat, which has no text."""

    id: int
    artist: str
    title: str
    text: str
    fingerprint: str
    language: str
    origin: LyricsOrigin
    source: str
    consent_at: datetime | None
    submitter_id: int | None
    guild_id: int | None
    state: LyricsState
    reviewer_id: int | None
    reviewed_at: datetime | None
    reason: str | None
    findings: dict[str, Any]
    created_at: datetime
    artist_guild_id: int | None = None  # the server whose own artist it is; None: shared by all
    kind: LessonKind = "lyrics"
    midi: bytes | None = None

    @property
    def voice(self) -> str:
        """What the model calls the artist."""
        return voice_of(self.artist, self.artist_guild_id)


SUBMITTED = tuple(
    name for name in NewLyrics.__dataclass_fields__ if name not in ("artist", "is_shared")
)
_STORED = tuple(
    name for name in Lyrics.__dataclass_fields__ if name not in ("artist", "artist_guild_id")
)


def lyrics_of(row: LyricsRow) -> Lyrics:
    values: dict[str, Any] = {name: getattr(row, name) for name in _STORED}
    return Lyrics(artist=row.artist.name, artist_guild_id=row.artist.guild_id, **values)

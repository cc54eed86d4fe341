"""One song, as everything after the readers sees it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Song:
    artist: str
    title: str
    text: str
    """Cleaned: "\\n" ends a line, one empty line parts two stanzas."""
    language: str
    """"en", "zh" or "und"."""

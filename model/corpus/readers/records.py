"""What a reader yields, and the checks that each song passes before it is one."""

import re
from dataclasses import dataclass

from model.corpus.characters import clean_name
from model.corpus.clean import clean_lyrics, detect_language
from model.corpus.song import Song

MIN_CHARACTERS = 40
MAX_CHARACTERS = 20_000
MAX_ARTIST_CHARACTERS = 80
MAX_TITLE_CHARACTERS = 200
# Cleaning takes away tags and repeated choruses, never four fifths of a song.
MAX_RAW_CHARACTERS = 5 * MAX_CHARACTERS

_BROKEN = re.compile("[\ud800-\udfff\ufffd]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_WORD = re.compile(r"[^\W\d_]")
_WIDE = re.compile("[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A song, or a whole file, that was left out. `line` is 0 where the file as such is meant."""

    source: str
    line: int
    artist: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was read in a way the importer did not say, and so should hear of."""

    source: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class RawSong:
    """A song as it stands in a file, before any check."""

    source: str
    line: int
    artist: str | None
    title: str | None
    text: str
    language: str | None = None


Reading = RawSong | Refusal | Note


def refuse(source: str, line: int, artist: str | None, reason: str) -> Refusal:
    """A refusal whose artist is fit to be shown."""
    return Refusal(source, line, clean_name(artist or "")[:MAX_ARTIST_CHARACTERS] or None, reason)


def is_binary(text: str) -> bool:
    """Whether these are the bytes of something else, decoded as if they were text."""
    return "\0" in text or 50 * len(_CONTROL.findall(text)) > len(text)


def checked(raw: RawSong) -> Song | Refusal:
    """The song, cleaned, or the reason against it."""
    artist = clean_name(raw.artist or "")
    title = _shortened(clean_name(raw.title or ""))
    reason = _fault_of_bytes(raw) or _fault_of_names(artist, title)
    text = "" if reason else clean_lyrics(raw.text)
    reason = reason or _fault_of_text(text)
    if reason:
        return refuse(raw.source, raw.line, artist, reason)
    return Song(artist, title, text, _language(raw.language, text))


def _shortened(title: str) -> str:
    if len(title) <= MAX_TITLE_CHARACTERS:
        return title
    return title[: MAX_TITLE_CHARACTERS - 1].rstrip() + "…"


def _fault_of_bytes(raw: RawSong) -> str | None:
    everything = f"{raw.artist or ''}\n{raw.title or ''}\n{raw.text}"
    if len(everything) > MAX_RAW_CHARACTERS:
        return (
            f"The text has over {MAX_RAW_CHARACTERS:,} characters, too many for one song; "
            "give each song its own record."
        )
    if is_binary(everything):
        return "This is binary data, not text; export the song as plain text."
    if not everything.isascii() and _BROKEN.search(everything):
        return "Some characters were lost or are cut in half; save the song anew as UTF-8."
    return None


def _fault_of_names(artist: str, title: str) -> str | None:
    if not artist:
        return "It does not say who the artist is; name the artist with --artist."
    if len(artist) > MAX_ARTIST_CHARACTERS:
        return f"The artist's name is longer than {MAX_ARTIST_CHARACTERS} characters; shorten it."
    if not title:
        return "The song has no title; give it one."
    return None


def _fault_of_text(text: str) -> str | None:
    if not _WORD.search(text):
        return "No words are left once tags are taken out; give the words of the song."
    # A Chinese quatrain of twenty characters says as much as sixty Latin letters.
    if len(text) < MIN_CHARACTERS and len(text) + 2 * len(_WIDE.findall(text)) < MIN_CHARACTERS:
        return (
            f"The text is too short: {len(text)} characters once cleaned, and a song "
            f"needs {MIN_CHARACTERS}; add the missing lines."
        )
    if len(text) > MAX_CHARACTERS:
        return (
            f"The text is too long: {len(text):,} characters once cleaned, and a song may have "
            f"{MAX_CHARACTERS:,}; split it."
        )
    return None


def _language(given: str | None, text: str) -> str:
    code = (given or "").strip().lower().replace("_", "-").partition("-")[0]
    if not code:
        return detect_language(text)
    return code if code in ("en", "zh") else "und"

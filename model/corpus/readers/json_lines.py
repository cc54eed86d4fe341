"""JSON lines: one object a line with artist, title (or song), text (or lyrics) and maybe lang."""

import json
from collections.abc import Iterator
from typing import TextIO

from model.corpus.readers.files import bounded_lines
from model.corpus.readers.records import RawSong, Reading, refuse

KEYS = {
    "artist": ("artist",),
    "title": ("title", "song"),
    "text": ("text", "lyrics"),
    "language": ("lang", "language"),
}


def read_json_lines(file: TextIO, source: str, artist: str | None) -> Iterator[Reading]:
    """`artist` serves the songs that name none."""
    for number, line in enumerate(bounded_lines(file), start=1):
        if number == 1 and line.lstrip().startswith("["):
            reason = "This is one JSON array; write one object a line (jq -c '.[]' does it)."
            yield refuse(source, 1, None, reason)
            return
        if line.strip():
            yield _read_line(line, source, number, artist)


def _read_line(line: str, source: str, number: int, artist: str | None) -> Reading:
    try:
        song = json.loads(line)
    except (ValueError, RecursionError):
        return refuse(source, number, None, "The line is not JSON; write one object a line.")
    if not isinstance(song, dict):
        return refuse(source, number, None, "The line is JSON, but no object; write {…} a line.")
    found = {name: _first(song, keys) for name, keys in KEYS.items()}
    strings = {name: value for name, value in found.items() if isinstance(value, str)}
    known = strings.get("artist") or artist
    for name, value in found.items():
        if value is not None and name not in strings:
            return refuse(source, number, known, f'Its "{name}" is no string; put it in quotes.')
    if "text" not in strings:
        return refuse(source, number, known, 'It has no "text"; add the words of the song.')
    title, language = strings.get("title"), strings.get("language")
    return RawSong(source, number, known, title, strings["text"], language)


def _first(song: dict[str, object], keys: tuple[str, ...]) -> object:
    return next((song[key] for key in keys if song.get(key) is not None), None)

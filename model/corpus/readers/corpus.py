"""Every song below the paths that people name, whatever the format of each file."""

import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TextIO

from model.corpus.readers.files import detect_encoding, unpacked
from model.corpus.readers.folders import FoundFile, find_files, shown, unreadable
from model.corpus.readers.json_lines import read_json_lines
from model.corpus.readers.records import Note, RawSong, Reading, Refusal, checked, refuse
from model.corpus.readers.tables import read_table
from model.corpus.readers.text_files import read_text_file
from model.corpus.song import Song

Reader = Callable[[TextIO, str, str | None], Iterator[Reading]]

TABLES = (".csv", ".tsv")
JSON_LINES = (".jsonl", ".ndjson", ".json")
TEXTS = (".txt", ".text", ".md")
KNOWN = ", ".join(TABLES + JSON_LINES + TEXTS)


def read_corpus(
    paths: Sequence[Path],
    *,
    artist: str | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Iterator[Song | Refusal | Note]:
    """Songs in the order of the files, refusals and notes between them; raises nothing.

    Every file is streamed. `artist` serves the records that name none, and goes before the names
    of files and folders. `on_progress` hears how many of `size_of_corpus` bytes are read.
    """
    num_bytes = 0
    deep_folders: set[Path] = set()
    for found in _found(paths):
        if isinstance(found, Refusal):
            yield found
            continue
        if found.depth > 2 and found.path.parent not in deep_folders:
            deep_folders.add(found.path.parent)
            yield _note_on_depth(found.path.parent)
        for reading, position in _read_file(found, artist):
            yield checked(reading) if isinstance(reading, RawSong) else reading
            if on_progress:
                on_progress(num_bytes + position)
        num_bytes += found.num_bytes
        if on_progress:
            on_progress(num_bytes)


def size_of_corpus(paths: Sequence[Path]) -> int:
    """The bytes, as they lie on disk, of the files that `read_corpus` will open."""
    return sum(found.num_bytes for found in _found(paths) if isinstance(found, FoundFile))


def _found(paths: Sequence[Path]) -> Iterator[FoundFile | Refusal]:
    for path in paths:
        yield from find_files(path)


def _note_on_depth(folder: Path) -> Note:
    message = (
        f'The songs in text files here are read as by "{_as_name(folder.name)}", their own folder; '
        "give --artist if the artist is a folder further up."
    )
    return Note(shown(folder), 0, message)


def _read_file(found: FoundFile, artist: str | None) -> Iterator[tuple[Reading, int]]:
    """What the file holds, each with the number of bytes read so far."""
    source = shown(found.path)
    reader = _reader_of(found)
    if reader is None:
        reason = f"Files of this kind are not read; give {KNOWN}, or one of these with .gz."
        yield refuse(source, 0, None, reason), 0
        return
    try:
        with found.path.open("rb") as file, unpacked(file, found.path) as content:
            encoding = detect_encoding(content)
            if encoding is None:
                reason = "This is no text in UTF-8, UTF-16, Latin-1 or GB18030; save it as UTF-8."
                yield refuse(source, 0, None, reason), 0
                return
            if encoding.note:
                yield Note(source, 0, encoding.note), 0
            lines = io.TextIOWrapper(content, encoding.codec, encoding.errors, newline="")
            for reading in reader(lines, source, artist):
                yield reading, file.tell()
    except (OSError, EOFError, zlib.error) as error:
        yield refuse(source, 0, None, unreadable(error)), 0


def _reader_of(found: FoundFile) -> Reader | None:
    path = found.path.with_suffix("") if found.path.suffix.lower() == ".gz" else found.path
    kind = path.suffix.lower()
    if kind in TABLES:
        return read_table
    if kind in JSON_LINES:
        return read_json_lines
    if kind in TEXTS:
        folder = found.folder and _as_name(found.folder)
        return partial(read_text_file, stem=_as_name(path.stem), folder=folder)
    return None


def _as_name(stem: str) -> str:
    return stem.replace("_", " ")

"""CSV: a header that names artist, song (or title) and text (or lyrics), then one song a row.

Comma, semicolon or tab. The layout of Kaggle's "55000+ Song Lyrics" (artist,song,link,text) is one
of many: other columns are passed over, also a column of row numbers that the header does not name.
"""

import csv
from collections.abc import Iterable, Iterator
from typing import TextIO

from model.corpus.readers.columns import Columns, find_columns
from model.corpus.readers.files import bounded_lines
from model.corpus.readers.records import Note, RawSong, Reading, Refusal, refuse

# Enough of a damaged row to find its artist, and below any limit of the csv module.
MAX_NAMED_CHARACTERS = 1000


def read_table(file: TextIO, source: str, artist: str | None) -> Iterator[Reading]:
    """`artist` serves the rows that name none. A damaged row costs itself, not those after it."""
    lines = _Lines(bounded_lines(file))
    header = next((line for line in lines if line.strip()), "")
    found = find_columns(header)
    if found is None:
        reason = "The first line names no columns; name them artist, title and text there."
        yield refuse(source, lines.num_read, None, reason)
        return
    columns, delimiter = found
    if columns.artist is None and not artist:
        reason = "The table has no artist column; name the artist with --artist."
        yield refuse(source, lines.num_read, None, reason)
        return
    yield from _read_rows(lines, columns, delimiter, source, artist)


class _Lines:
    """Counts lines, and remembers the first of the row being read."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.num_read = 0
        self.first: str | None = None
        self.is_exhausted = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            line = next(self._lines)
        except StopIteration:
            self.is_exhausted = True
            raise
        self.num_read += 1
        if self.first is None:
            self.first = line
        return line


def _read_rows(
    lines: _Lines, columns: Columns, delimiter: str, source: str, artist: str | None
) -> Iterator[Reading]:
    # Strict: a stray quote, or a text that the end of the file cuts off, is an error and no guess.
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    damaged_line, is_cut_off = 0, False
    while True:
        lines.first = None
        line = lines.num_read + 1
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error:
            if not damaged_line:
                damaged_line, is_cut_off = line, lines.is_exhausted
                yield _refuse_damaged(lines, columns, delimiter, source, line)
            continue
        if damaged_line and columns.is_whole(row):
            yield from _passed_over(source, damaged_line, line - 1)
            damaged_line = 0
        if not damaged_line and any(cell.strip() for cell in row):
            yield _read_row(row, columns, source, line, artist)
    if damaged_line and not is_cut_off:
        yield from _passed_over(source, damaged_line, lines.num_read)


def _read_row(
    row: list[str], columns: Columns, source: str, line: int, artist: str | None
) -> Reading:
    cells = columns.aligned(row)
    if cells is None:
        reason = (
            f"The row has {len(row)} cells and the header names {columns.num_named}; "
            "put cells that hold a comma or a line end in double quotes."
        )
        return refuse(source, line, columns.artist_of(row), reason)
    language = columns.language
    return RawSong(
        source,
        line,
        columns.artist_of(cells) or artist,
        cells[columns.title],
        cells[columns.text],
        cells[language] if language is not None and language < len(cells) else None,
    )


def _refuse_damaged(
    lines: _Lines, columns: Columns, delimiter: str, source: str, line: int
) -> Refusal:
    """Whose row it was can still be read from its first line."""
    start = next(csv.reader([(lines.first or "")[:MAX_NAMED_CHARACTERS]], delimiter=delimiter), [])
    reason = "The quotes of this row do not close where they should; double each quote in a text."
    if lines.is_exhausted:
        reason = (
            f"The file ends in line {lines.num_read}, inside the quotes of this row, so the row is "
            "cut off; get the whole file."
        )
    return refuse(source, line, columns.artist_of(start), reason)


def _passed_over(source: str, first: int, last: int) -> Iterator[Note]:
    if first < last:
        message = f"Lines {first} to {last} were passed over up to the next whole row."
        yield Note(source, first, message)

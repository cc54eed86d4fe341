"""Which columns of a table hold a song, by the names in its header."""

from dataclasses import dataclass

from model.corpus.readers.records import MIN_CHARACTERS

DELIMITERS = ",;\t"
NAMES = {
    "artist": ("artist", "artist_name"),
    "title": ("song", "title", "song_title", "song_name", "track_name"),
    "text": ("text", "lyrics", "lyric"),
    "language": ("lang", "language"),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row the cells of a song stand."""

    title: int
    text: int
    artist: int | None
    language: int | None
    num_named: int

    def artist_of(self, row: list[str]) -> str | None:
        """The artist whom a row names, be it whole or not."""
        if self.artist is None or self.artist >= len(row):
            return None
        return row[self.artist].strip() or None

    def aligned(self, row: list[str]) -> list[str] | None:
        """The row without a row number that the header does not name; None if it does not fit."""
        if len(row) == self.num_named + 1 and row[0].strip().isdigit():
            row = row[1:]
        is_too_long = any(cell.strip() for cell in row[self.num_named :])
        last = max(self.title, self.text, self.artist or 0)
        return None if is_too_long or len(row) <= last else row

    def is_whole(self, row: list[str]) -> bool:
        """True for a row that cannot be a line of verse from the middle of a damaged row."""
        cells = self.aligned(row)
        if cells is None or len(row) < self.num_named:
            return False
        names = [cells[self.title], "-" if self.artist is None else cells[self.artist]]
        is_named = all(name.strip() and "\n" not in name for name in names)
        return is_named and len(cells[self.text]) >= MIN_CHARACTERS


def find_columns(header: str) -> tuple[Columns, str] | None:
    for delimiter in DELIMITERS:
        cells = [cell.strip(" \"'\ufeff\r\n").casefold() for cell in header.split(delimiter)]
        at = {
            kind: next((index for index, cell in enumerate(cells) if cell in names), None)
            for kind, names in NAMES.items()
        }
        title, text = at["title"], at["text"]
        if title is not None and text is not None:
            columns = Columns(title, text, at["artist"], at["language"], len(cells))
            return columns, delimiter
    return None

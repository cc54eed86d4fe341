"""One body of text rather than songs: a file of lyrics or plays, cut into three parts in order."""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from model.corpus.characters import clean_name
from model.corpus.clean import detect_language
from model.corpus.readers.files import detect_encoding, unpacked
from model.corpus.readers.folders import shown, unreadable
from model.corpus.readers.records import MAX_ARTIST_CHARACTERS, is_binary
from model.corpus.song import Song
from model.corpus.split import Split, Splits
from model.errors import CorpusError

MIN_CHARACTERS = 1_000

Cut = Literal["90/5/5", "90/10"]

_BROKEN = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class PlainText:
    """`train`, `validation` and `test` put together are the text; `test` may be empty."""

    artist: str
    language: str
    train: str
    validation: str
    test: str
    notes: tuple[str, ...] = ()
    """What the reader did that its user did not ask for, in sentences."""

    def as_songs(self, split: Split, piece_length: int | None = 1_000) -> list[Song]:
        """Songs of one artist which, in this order, are the text of a split; [] if that is empty.

        They end where lines do and have at most `piece_length` characters. None makes one song of
        all: held-out text is then read as it stands, without starting afresh at every piece.
        """
        text = {"train": self.train, "validation": self.validation, "test": self.test}[split]
        return [
            Song(self.artist, _title(split, number), piece, self.language)
            for number, piece in enumerate(_pieces(text, piece_length or len(text)), 1)
        ]

    def as_splits(self, piece_length: int | None = 1_000) -> Splits[Song]:
        """The songs of every split, to train on in place of songs that are split by their names."""
        return Splits(*(self.as_songs(split, piece_length) for split in get_args(Split)))


def read_plain_text(path: Path, *, artist: str | None = None, cut: Cut = "90/5/5") -> PlainText:
    """Read a text file, or one with .gz; `artist` is the name of the file if nothing is said.

    Nothing is cleaned but line ends, so that figures compare with others on the same file. The cut
    "90/5/5" is made at line ends near these shares; "90/10" is nanoGPT's, exact by character, with
    no test part. Raises CorpusError for what is no text or too short.
    """
    text, notes = _decoded(path)
    if not text.strip():
        raise CorpusError(f"{shown(path)} is empty; give a file with text.")
    if is_binary(text):
        raise CorpusError(f"{shown(path)} is binary data, not text; export it as plain text.")
    if len(text) < MIN_CHARACTERS:
        raise CorpusError(
            f"{shown(path)} is too short: it has {len(text):,} characters, and a text to learn "
            f"from needs {MIN_CHARACTERS:,}; add to it."
        )
    name = artist or _name_of(path)
    return PlainText(name, detect_language(text), *_cut(text, cut), notes=tuple(notes))


def whole_texts(splits: Splits[Song]) -> list[str]:
    """The texts of all songs, and that of `as_splits` as the one that it was cut from."""
    texts = [song.text for songs in splits for song in songs]
    for split, songs in zip(get_args(Split), splits, strict=True):
        if any(song.title != _title(split, number) for number, song in enumerate(songs, 1)):
            return texts
    return ["".join(texts)]


def _title(split: Split, number: int) -> str:
    return f"{split} {number}"


def _decoded(path: Path) -> tuple[str, list[str]]:
    """The text with "\\n" for every line end, and notes on how it was read."""
    try:
        with path.open("rb") as file, unpacked(file, path) as content:
            encoding = detect_encoding(content)
            if encoding is None:
                raise CorpusError(
                    f"{shown(path)} is no text in UTF-8, UTF-16, Latin-1 or GB18030; "
                    "give a text file, saved as UTF-8."
                )
            with io.TextIOWrapper(content, encoding.codec, encoding.errors, newline=None) as lines:
                text = lines.read()
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise CorpusError(f"{shown(path)}: {unreadable(error)}") from error
    text, num_broken = _BROKEN.subn("\ufffd", text.removeprefix("\ufeff"))
    if 100 * num_broken > len(text):
        raise CorpusError(
            f"{shown(path)} has {num_broken:,} broken characters; save it anew as UTF-8."
        )
    notes = [encoding.note] if encoding.note else []
    if num_broken:
        notes.append(f"{num_broken:,} broken characters were read as \ufffd; mend or remove them.")
    return text, notes


def _name_of(path: Path) -> str:
    named = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    return clean_name(named.stem.replace("_", " "))[:MAX_ARTIST_CHARACTERS] or "plain text"


def _cut(text: str, cut: Cut) -> tuple[str, str, str]:
    if cut == "90/10":
        end = int(0.9 * len(text))
        return text[:end], text[end:], ""
    first, second = (_line_end_near(text, len(text) * share // 100) for share in (90, 95))
    return text[:first], text[first:second], text[second:]


def _line_end_near(text: str, position: int) -> int:
    """Where the line ends that ends nearest; `position` itself if the nearest is too far."""
    reach = len(text) // 50
    before = text.rfind("\n", position - reach, position) + 1
    after = text.find("\n", position, position + reach) + 1
    ends = [end for end in (before, after) if end]
    return min(ends, key=lambda end: abs(end - position), default=position)


def _pieces(text: str, length: int) -> Iterator[str]:
    """Pieces of `length` characters or less, cut after a line end in the second half if any."""
    start = 0
    while start < len(text):
        end = start + length
        if end < len(text):
            end = text.rfind("\n", start + length // 2, end) + 1 or end
        yield text[start:end]
        start = end

"""What the sub-commands share: reading a corpus with its refusals shown, choosing a device or
styles.
"""

import io
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import torch
from rich.console import Console

from model.beats.checkpoint import BeatCheckpoint
from model.beats.piece import Piece, read_pieces
from model.corpus.plain_text import read_plain_text
from model.corpus.readers import Note, Refusal, read_corpus
from model.corpus.readers.corpus import TEXTS
from model.corpus.readers.files import bounded_lines, detect_encoding, unpacked
from model.corpus.readers.headings import form_of_headings
from model.corpus.song import Song
from model.corpus.split import Splits, split_songs
from model.errors import ConfigError, CorpusError

_SHOWN = 5
_FEWEST_HEADINGS = 2


def choose_device(name: str) -> torch.device:
    """The device called `name`; "auto" is the GPU where there is one."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(name)


def chosen_styles(names: Sequence[str] | None, checkpoint: BeatCheckpoint) -> list[str]:
    """Those that were asked for, or all; raises ConfigError for one that is not known."""
    known = [style.name for style in checkpoint.styles]
    for name in names or ():
        if name not in known:
            raise ConfigError(
                f"This checkpoint does not know {name!r}; it knows {', '.join(known)}."
            )
    return list(names or known)


def read_songs(paths: Sequence[Path], artist: str | None, console: Console) -> list[Song]:
    """Every song in `paths`; what was refused is counted by reason on `console`."""
    songs: list[Song] = []
    refused: Counter[str] = Counter()
    for record in read_corpus(paths, artist=artist):
        if isinstance(record, Song):
            songs.append(record)
        elif isinstance(record, Refusal):
            refused[record.reason] += 1
        elif isinstance(record, Note):
            console.print(f"{record.source}:{record.line}: {record.message}", markup=False)
    _show_refused(refused, console)
    if not songs:
        raise CorpusError("No song could be read; see the reasons above.")
    return songs


def read_music(folder: Path, console: Console) -> list[Piece]:
    """Every piece in `folder`; what was refused is counted by reason on `console`."""
    pieces: list[Piece] = []
    refused: Counter[str] = Counter()
    for record in read_pieces(folder):
        if isinstance(record, Piece):
            pieces.append(record)
        else:
            refused[record.reason] += 1
    _show_refused(refused, console)
    if not pieces:
        raise CorpusError("No piece could be read; see the reasons above.")
    return pieces


def _show_refused(refused: Counter[str], console: Console) -> None:
    for reason, count in refused.most_common(_SHOWN):
        console.print(f"{count} left out: {reason}", markup=False, style="yellow")


def read_splits(paths: Sequence[Path], artist: str | None, console: Console) -> Splits[Song]:
    """Songs held out by their titles; of one body of text, its last tenth."""
    if not is_one_body(paths):
        return split_songs(read_songs(paths, artist, console))
    text = read_plain_text(paths[0], artist=artist)
    console.print(f"{paths[0].name} is read as one text; its last tenth is held out.", markup=False)
    for note in text.notes:
        console.print(note, markup=False)
    return text.as_splits()


def is_one_body(paths: Sequence[Path]) -> bool:
    """Whether `paths` is one text file that fewer than two headings part: a text, not songs.

    Folders, several files, tables and JSON lines are songs.
    """
    if len(paths) != 1 or not paths[0].is_file():
        return False
    path = paths[0]
    named = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    return named.suffix.lower() in TEXTS and _num_headings(path) < _FEWEST_HEADINGS


def _num_headings(path: Path) -> int:
    """0 for a file that cannot be read: who reads it next says why."""
    try:
        with path.open("rb") as file, unpacked(file, path) as content:
            encoding = detect_encoding(content)
            if encoding is None:
                return 0
            with io.TextIOWrapper(content, encoding.codec, encoding.errors) as lines:
                return form_of_headings(bounded_lines(lines))[1]
    except (OSError, EOFError, zlib.error):
        return 0

"""What the sub-commands share: reading a corpus with its refusals shown, choosing a device."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import torch
from rich.console import Console

from model.corpus.readers import Note, Refusal, read_corpus
from model.corpus.song import Song
from model.errors import CorpusError

_SHOWN = 5


def choose_device(name: str) -> torch.device:
    """The device called `name`; "auto" is the GPU where there is one."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(name)


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
    for reason, count in refused.most_common(_SHOWN):
        console.print(f"{count} left out: {reason}", markup=False, style="yellow")
    if not songs:
        raise CorpusError("No song could be read; see the reasons above.")
    return songs

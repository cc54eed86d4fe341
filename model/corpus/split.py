"""Which songs are held out: by song, and the same on every machine for ever."""

import hashlib
from collections.abc import Iterable
from typing import Generic, Literal, NamedTuple, TypeVar

from model.corpus.song import Song
from model.errors import CorpusError

Split = Literal["train", "validation", "test"]

NUM_BUCKETS = 20

Item = TypeVar("Item")


class Splits(NamedTuple, Generic[Item]):
    """To learn from, to choose the best weights by, and to measure them by in the end: songs, or
    pieces of music.
    """

    train: list[Item]
    validation: list[Item]
    test: list[Item]

    def require(self, noun: str = "song") -> "Splits[Item]":
        """These splits; CorpusError when there is nothing to learn from or to choose by."""
        for name in ("train", "validation"):
            if not getattr(self, name):
                raise CorpusError(
                    f"No {noun} falls into the {name} split; add {noun}s "
                    "(one in twenty is kept for validation, one for the test)."
                )
        return self


def split_of(artist: str, title: str) -> Split:
    """One song in twenty validates and one tests, whatever else is in the corpus."""
    digest = hashlib.sha256(f"{artist}\n{title}".encode()).digest()
    match int.from_bytes(digest, "big") % NUM_BUCKETS:
        case 0:
            return "validation"
        case 1:
            return "test"
        case _:
            return "train"


def split_songs(songs: Iterable[Song]) -> Splits[Song]:
    """Every song in the split of its artist and title."""
    splits: Splits[Song] = Splits([], [], [])
    for song in songs:
        getattr(splits, split_of(song.artist, song.title)).append(song)
    return splits

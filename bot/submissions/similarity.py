"""Which of many pieces have words in common with a new one, without reading them all.

Of each piece 32 numbers are kept: the smallest hashes of its runs of words (a bottom-k sketch; A.
Broder, "On the resemblance and containment of documents", 1997). How many of them the new piece has
as well tells which few may be alike; those are then compared word by word. A word is a number here:
what it stands for, in lyrics or in a beat, whoever asks has settled before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.copyguard.runs import Hashes, hash_runs
from model.copyguard.words import folded_words, hash_words

_NUM_KEPT = 32
_KEY_BITS = 32
_SHARED = 0  # no server has this number


@dataclass(frozen=True, slots=True)
class Sketch:
    lyrics_id: int
    guild_id: int | None  # None: every server may see this piece
    keys: NDArray[np.uint32]
    num_runs: int


def words_of_text(text: str) -> Hashes:
    """The words of lyrics; in Chinese, the characters."""
    return np.array(hash_words(text), np.uint64)


def runs_of(words: Hashes, length: int) -> Hashes:
    """Of every run of `length` words, each once; of fewer words than a run, the words."""
    return _sorted_once(hash_runs(words, min(length, max(1, len(words)))))


def sketch(lyrics_id: int, guild_id: int | None, runs: Hashes) -> Sketch:
    keys = _keys(runs)
    return Sketch(lyrics_id, guild_id, keys[:_NUM_KEPT].copy(), len(keys))


def share_in_common(ours: Hashes, theirs: Hashes) -> float:
    """Which share of our runs is among theirs, 0 to 1: 1 when all are."""
    return len(np.intersect1d(ours, theirs)) / len(ours) if len(ours) else 0.0


def lines_in_common(text: str, other: str) -> list[str]:
    """The lines of `text` that `other` has in the same words."""
    theirs = {tuple(folded_words(line)) for line in other.splitlines()}
    theirs.discard(())
    return [line for line in text.splitlines() if tuple(folded_words(line)) in theirs]


class SketchIndex:
    """The sketches of many pieces: 270 bytes each, and a few milliseconds for a hundred thousand.

    Not to be changed and asked at once.
    """

    def __init__(self) -> None:
        self._keys = np.zeros(0, np.uint32)  # sorted
        self._owners = np.zeros(0, np.uint32)  # of each key: a place in the following
        self._ids = np.zeros(0, np.int64)
        self._guilds = np.zeros(0, np.int64)
        self._num_runs = np.zeros(0, np.int64)

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, sketches: Sequence[Sketch]) -> None:
        """Copies the whole index once, so give many at a time."""
        if not sketches:
            return
        first = len(self)
        keys = np.concatenate([each.keys for each in sketches])
        lengths = [len(each.keys) for each in sketches]
        owners = np.repeat(np.arange(first, first + len(sketches), dtype=np.uint32), lengths)
        order = np.argsort(keys, kind="stable")
        places = np.searchsorted(self._keys, keys[order])
        self._keys = np.insert(self._keys, places, keys[order])
        self._owners = np.insert(self._owners, places, owners[order])
        self._ids = _extended(self._ids, (each.lyrics_id for each in sketches))
        self._guilds = _extended(self._guilds, (each.guild_id or _SHARED for each in sketches))
        self._num_runs = _extended(self._num_runs, (each.num_runs for each in sketches))

    def nearest(self, runs: Hashes, guild_id: int | None, limit: int = 5) -> list[int]:
        """Numbers of pieces that this server may see, the likeliest to be alike first."""
        keys = _keys(runs)
        starts = np.searchsorted(self._keys, keys, side="left")
        ends = np.searchsorted(self._keys, keys, side="right")
        met = starts < ends
        if not met.any():
            return []
        found = [self._owners[a:b] for a, b in zip(starts[met], ends[met], strict=True)]
        owners, counts = np.unique(np.concatenate(found), return_counts=True)
        visible = np.isin(self._guilds[owners], [_SHARED, guild_id or _SHARED])
        owners, counts = owners[visible], counts[visible]
        num_runs = self._num_runs[owners]
        in_common = counts * num_runs / np.minimum(num_runs, _NUM_KEPT)
        best = np.argsort(-in_common, kind="stable")[:limit]
        return [int(number) for number in self._ids[owners[best]]]


def _keys(runs: Hashes) -> NDArray[np.uint32]:
    """What is kept of the runs' hashes, the smallest first."""
    return _sorted_once(runs >> np.uint64(64 - _KEY_BITS)).astype(np.uint32)


def _sorted_once(hashes: Hashes) -> Hashes:
    """Several times as fast as np.unique, and this is done for every lyric there is."""
    ordered = np.sort(hashes)
    is_first = np.ones(len(ordered), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    once: Hashes = ordered[is_first]
    return once


def _extended(numbers: NDArray[np.int64], more: Iterable[int]) -> NDArray[Any]:
    return np.concatenate([numbers, np.fromiter(more, np.int64)])

"""Every run of words that a verse must not contain, as a sorted set of hashes.

A run has one word more than may be repeated. Of its hash 40 bits are kept: the first 16 choose a
bucket, the other 24 are stored, three bytes a run on disk and four in memory. What is in the set is
always found. What is not is taken for a copy with probability `num_runs` / 2**40 a run: two in a
million at two million runs, where a Bloom filter of that size errs four times as often.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, save

from model.copyguard.runs import Hashes, hash_runs, iterate_runs
from model.copyguard.words import hash_word, hash_words

MAX_RUN = 6
"""Consecutive words that a verse may share with a lyric. Of Chinese, as many characters: poems that
were held out shared 0.44 % of their runs of seven characters with the others, and English ones
0.40 % of their runs of seven words. A line of five characters may come again, one of seven not."""

KEPT_BITS = 40
_FORMAT = 1  # of the file, and of what a word, a run and their hashes are
_BUCKET_BITS = 16
_NUM_BUCKETS = 1 << _BUCKET_BITS
_REMAINDER_BITS = KEPT_BITS - _BUCKET_BITS
_REMAINDER_MASK = (1 << _REMAINDER_BITS) - 1
_DROPPED_BITS = 64 - KEPT_BITS
_WORDS_AT_ONCE = 1 << 20


class CopyIndex:
    """Immutable, so that any thread may ask. `keys` are kept bits of hashes, sorted, each once."""

    __slots__ = ("_bounds", "_remainders", "max_run")

    def __init__(self, keys: Hashes, max_run: int = MAX_RUN) -> None:
        if max_run < 1:
            raise ValueError(f"A verse must be allowed one word at least, not {max_run}.")
        self.max_run = max_run
        edges = np.arange(_NUM_BUCKETS + 1, dtype=np.uint64) << np.uint64(_REMAINDER_BITS)
        # Python reads single numbers out of a memoryview much faster than out of an array.
        self._bounds = np.searchsorted(keys, edges).astype(np.uint32).data
        self._remainders = (keys & np.uint64(_REMAINDER_MASK)).astype(np.uint32).data

    @classmethod
    def empty(cls, max_run: int = MAX_RUN) -> "CopyIndex":
        """Nothing is a copy."""
        return cls(np.zeros(0, np.uint64), max_run)

    @classmethod
    def build(cls, texts: Iterable[str], max_run: int = MAX_RUN) -> "CopyIndex":
        """Of all runs within each text; none reaches from one text into another."""
        found = np.zeros(0, np.uint64)
        waiting: list[Hashes] = []
        num_waiting = 0
        for text in texts:
            words = np.array(hash_words(text), np.uint64)
            waiting.append(hash_runs(words, max_run + 1) >> np.uint64(_DROPPED_BITS))
            num_waiting += len(words)
            if num_waiting > max(_WORDS_AT_ONCE, len(found)):
                found, waiting, num_waiting = _sorted_once([found, *waiting]), [], 0
        return cls(_sorted_once([found, *waiting]), max_run)

    @classmethod
    def from_bytes(cls, content: bytes) -> "CopyIndex":
        """What `to_bytes` wrote. Raises ValueError, KeyError or SafetensorError for all else."""
        tensors = load(content)
        written_format, max_run = (int(value) for value in tensors["format"])
        if written_format != _FORMAT:
            raise ValueError(f"the copy index has format {written_format}, not {_FORMAT}")
        low = tensors["remainders"].astype(np.uint64).reshape(-1, 3)
        remainders = low[:, 0] | low[:, 1] << np.uint64(8) | low[:, 2] << np.uint64(16)
        num_counted = int(tensors["counts"].sum())
        if num_counted != len(remainders):
            raise ValueError(f"the copy index counts {num_counted} runs and has {len(remainders)}")
        keys = _joined(tensors["counts"], remainders)
        if not (keys[1:] > keys[:-1]).all():
            raise ValueError("the copy index is not in order")
        return cls(keys, max_run)

    @property
    def num_runs(self) -> int:
        """Runs of `max_run` + 1 words that are known."""
        return len(self._remainders)

    def __contains__(self, run: int) -> bool:
        """Whether the run of this hash (64 bits) is known."""
        key = run >> _DROPPED_BITS
        bucket, remainder = key >> _REMAINDER_BITS, key & _REMAINDER_MASK
        end = self._bounds[bucket + 1]
        place = bisect_left(self._remainders, remainder, self._bounds[bucket], end)
        return place < end and self._remainders[place] == remainder

    def add(self, texts: Iterable[str]) -> "CopyIndex":
        """An index that knows these as well."""
        return self.union(CopyIndex.build(texts, self.max_run))

    def union(self, other: "CopyIndex") -> "CopyIndex":
        """An index that knows what either knows; ValueError when their runs differ in length."""
        if other.max_run != self.max_run:
            raise ValueError(
                f"An index that allows {self.max_run} words cannot join one of {other.max_run}."
            )
        return CopyIndex(_sorted_once([self._keys(), other._keys()]), self.max_run)

    def first_copy(self, text: str) -> int | None:
        """Which of `folded_words(text)` begins the first run that is known; None if none is."""
        runs = iterate_runs(hash_words(text), self.max_run + 1)
        return next((place for place, run in enumerate(runs) if run in self), None)

    def would_copy(self, previous_words: Sequence[str], line: str) -> bool:
        """Whether `line`, after these words, completes a run that is known.

        A run that ends before the line is not asked for again.
        """
        words = [*map(hash_word, previous_words), *hash_words(line)]
        return self.has_copy(words, len(previous_words))

    def has_copy(self, words: Sequence[int], num_previous: int) -> bool:
        """The same by the words' hashes; the first `num_previous` were there before."""
        if not self._remainders:
            return False
        runs = iterate_runs(words[max(0, num_previous - self.max_run) :], self.max_run + 1)
        return any(run in self for run in runs)

    def to_bytes(self) -> bytes:
        """As a safetensors file; equal indices give equal bytes."""
        remainders = np.asarray(self._remainders)
        octets = [(remainders >> shift & 0xFF).astype(np.uint8) for shift in (0, 8, 16)]
        return save(
            {
                "format": np.array([_FORMAT, self.max_run], np.int32),
                "counts": np.diff(np.asarray(self._bounds)).astype(np.uint16),
                "remainders": np.stack(octets, axis=1),
            }
        )

    def _keys(self) -> Hashes:
        return _joined(np.diff(np.asarray(self._bounds)), np.asarray(self._remainders, np.uint64))


def _sorted_once(keys: list[Hashes]) -> Hashes:
    """All of them in order, each once: some fifty times as fast as np.unique, which hashes."""
    ordered = np.sort(np.concatenate(keys), kind="stable")
    is_first = np.ones(len(ordered), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    once: Hashes = ordered[is_first]
    return once


def _joined(counts: NDArray[Any], remainders: Hashes) -> Hashes:
    """Keys from the number in each bucket and what is stored of each."""
    buckets = np.repeat(np.arange(_NUM_BUCKETS, dtype=np.uint64), counts)
    keys: Hashes = buckets << np.uint64(_REMAINDER_BITS) | remainders
    return keys

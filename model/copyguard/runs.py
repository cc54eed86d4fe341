"""A number for every run of words: polynomials over 64 bits, the same from numpy and from Python.

The last word of a run is added as it is, so the upper bits of a sum are as random as those of a
word's hash, and nothing needs to be mixed once more.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

_BASE = 0x94D049BB133111EB  # 3 modulo 4, so that words that change places stay far apart
_MASK = (1 << 64) - 1


def hash_runs(words: Hashes, length: int) -> Hashes:
    """Of every run of `length` words (num_words - length + 1,), from the words' hashes."""
    num_runs = max(0, len(words) - length + 1)
    sums = np.zeros(num_runs, np.uint64)
    for place in range(length if num_runs else 0):
        sums = sums * np.uint64(_BASE) + words[place : place + num_runs]
    return sums


def iterate_runs(words: Sequence[int], length: int) -> Iterator[int]:
    """The same for a few words, where numpy would spend its time on being called."""
    leaving = pow(_BASE, length, 1 << 64)
    total = 0
    for place, word in enumerate(words):
        total = total * _BASE + word
        if place >= length:
            total -= words[place - length] * leaving
        total &= _MASK
        if place >= length - 1:
            yield total

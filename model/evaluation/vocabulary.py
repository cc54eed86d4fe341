"""Words as numbers, for evaluation by numpy; the network's tokens are another matter."""

import re
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from model.phonetics import split_words

UNKNOWN = -1

Ids = NDArray[np.int64]

_MARK = re.compile(r"[^\w\s]")
_PLAIN_QUOTES = str.maketrans("‘’“”", "''\"\"")


def plain_words(text: str) -> list[str]:
    """Words as `split_words` parts them, without case, with straight apostrophes."""
    return split_words(text.lower().replace("’", "'"))


def words_and_marks(text: str) -> list[str]:
    """The same, and then every punctuation mark."""
    return plain_words(text) + _MARK.findall(text.translate(_PLAIN_QUOTES))


class Vocabulary:
    """Numbers words from 1 in the order in which they are first seen."""

    def __init__(self, split: Callable[[str], list[str]] = plain_words) -> None:
        self._split = split
        self._ids: dict[str, int] = {}

    def __len__(self) -> int:
        """One more than the highest number."""
        return len(self._ids) + 1

    def learn(self, texts: Iterable[str]) -> list[Ids]:
        """The words of each text, all of them known from now on."""
        ids = self._ids
        return [
            np.array([ids.setdefault(word, len(ids) + 1) for word in self._split(text)], np.int64)
            for text in texts
        ]

    def look_up(self, text: str) -> Ids:
        """The words of a text, UNKNOWN for those never learnt."""
        return np.array([self._ids.get(word, UNKNOWN) for word in self._split(text)], np.int64)

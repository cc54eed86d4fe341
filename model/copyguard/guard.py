"""A verse as it grows, and whether its next line would copy."""

from collections.abc import Iterable, Sequence

from model.copyguard.index import CopyIndex
from model.copyguard.words import hash_words


class VerseGuard:
    """What was written of one verse, as far as a run of words can reach back.

    `before` is what the verse goes on from: earlier verse, if any, and the seed, on whose line the
    next text continues. What lies within it is not judged, since a member may type what they like;
    a run that begins there and goes on into new words is a copy. Immutable, so that a search may
    try many lines after one beginning.
    """

    __slots__ = ("_indices", "_last_words", "_open_line", "_open_words")

    def __init__(self, indices: Iterable[CopyIndex], before: str = "") -> None:
        self._indices = tuple(index for index in indices if index.num_runs)
        closed, _, self._open_line = before.rpartition("\n")
        self._open_words = hash_words(self._open_line)
        self._last_words = self._reachable(hash_words(closed))

    def would_copy(self, text: str) -> bool:
        """Whether `text`, which directly follows, completes a run of words of a lyric.

        It is the rest of an open line, a whole line, or several; its last word must be whole.
        """
        words, num_previous = self._with(text)
        return any(index.has_copy(words, num_previous) for index in self._indices)

    def after(self, text: str) -> "VerseGuard":
        """The guard once `text` is written and its last line has ended."""
        words, _ = self._with(text)
        later = object.__new__(VerseGuard)
        later._indices = self._indices
        later._open_line, later._open_words = "", []
        later._last_words = self._reachable(words)
        return later

    def _with(self, text: str) -> tuple[list[int], int]:
        """The words in reach and those of `text`, and how many of them were there before."""
        if not self._open_words:
            return [*self._last_words, *hash_words(text)], len(self._last_words)
        line = hash_words(self._open_line + text)
        # "rock" and "n’roll" make another word than "rock": that one is not the member's.
        num_kept = _num_shared(self._open_words, line)
        return [*self._last_words, *line], len(self._last_words) + num_kept

    def _reachable(self, words: list[int]) -> list[int]:
        longest = max((index.max_run for index in self._indices), default=0)
        return words[max(0, len(words) - longest) :]


def _num_shared(first: Sequence[int], second: Sequence[int]) -> int:
    """How many words both begin with."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(first), len(second)))

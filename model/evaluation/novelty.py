"""Whether a verse is new: what it copies word for word, and how like a training verse it is.

Words as `split_words` parts them, without case: a Chinese character is a word, and punctuation and
line ends do not count, so that a copy with other line breaks is still a copy.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.corpus.song import Song
from model.errors import CorpusError
from model.evaluation.pieces import PIECE_LINES, cut_into_pieces
from model.evaluation.vocabulary import UNKNOWN, Ids, Vocabulary

_KEY_WORDS = 3
_MAX_WORDS = 2**21  # three of them make a 64-bit key
_SONG_END = 0


class CopiedRun(NamedTuple):
    """The longest run of consecutive words of a verse that stands in some song."""

    num_words: int
    start: int
    """The number of the verse's words before it."""
    song: Song | None
    """The first song that has it; None if not even one word is known."""


class SuffixIndex:
    """Finds runs of words that stand in a corpus.

    A suffix array cut short: the places of the corpus, sorted by the next three words. It takes 24
    bytes a word. Raises CorpusError for more than two million different words.
    """

    def __init__(self, songs: Sequence[Song]) -> None:
        self._songs = songs
        self._vocabulary = Vocabulary()
        words = self._vocabulary.learn(song.text for song in songs)
        self._size = len(self._vocabulary)
        if self._size >= _MAX_WORDS:
            raise CorpusError(
                f"The corpus has {self._size:,} different words, and at most {_MAX_WORDS:,} can be "
                "searched; leave out what is no lyrics."
            )
        # Two ends after each song, so that no run of three goes from one song into the next.
        ends = np.full(_KEY_WORDS - 1, _SONG_END)
        self._text: Ids = np.concatenate([ends, *(part for song in words for part in (song, ends))])
        self._starts = np.cumsum([len(ends), *(len(song) + len(ends) for song in words)])
        keys = self._keys(self._text)
        self._places = np.argsort(keys, kind="stable")
        self._sorted = keys[self._places]

    def matches(self, text: str) -> list[int]:
        """For each word of `text`: how many words from it on stand together in some song."""
        words = self._vocabulary.look_up(text)
        return [self._longest_at(words, start)[0] for start in range(len(words))]

    def longest_copy(self, text: str) -> CopiedRun:
        """The longest run of words that `text` shares with a song; the first of equals."""
        words = self._vocabulary.look_up(text)
        best, best_place, best_start = 0, 0, 0
        for start in range(len(words)):
            if len(words) - start <= best:
                break
            length, place = self._longest_at(words, start)
            if length > best:
                best, best_place, best_start = length, place, start
        if not best:
            return CopiedRun(0, 0, None)
        song = int(np.searchsorted(self._starts, best_place, side="right")) - 1
        return CopiedRun(best, best_start, self._songs[song])

    def novel_share(self, text: str, n: int) -> float:
        """Share of the runs of `n` words of `text` that no song has, from 0 to 1; 0 without any."""
        matches = self.matches(text)
        runs = matches[: max(0, len(matches) - n + 1)]
        return sum(length < n for length in runs) / max(1, len(runs))

    def _keys(self, words: Ids) -> Ids:
        first, second, third = words[:-2], words[1:-1], words[2:]
        return (first * self._size + second) * self._size + third

    def _longest_at(self, words: Ids, start: int) -> tuple[int, int]:
        """Length and first place of the longest run of the corpus that `words` have at `start`."""
        low, high, length = 0, len(self._sorted), 0
        key, step = 0, self._size**_KEY_WORDS
        for word in words[start : start + _KEY_WORDS].tolist():
            if word == UNKNOWN:
                break
            step //= self._size
            key += word * step
            bounds = np.searchsorted(self._sorted[low:high], [key, key + step])
            if bounds[0] == bounds[1]:
                break
            low, high, length = low + int(bounds[0]), low + int(bounds[1]), length + 1
        if length == 0:
            return 0, 0
        places = self._places[low:high]
        while length >= _KEY_WORDS and start + length < len(words):
            # A verse has no word numbered as a song's end, so that places never leave the text.
            longer = places[self._text[places + length] == words[start + length]]
            if not longer.size:
                break
            places, length = longer, length + 1
        return length, int(places.min())


class SimilarityIndex:
    """Highest tf-idf cosine similarity to a training verse of the same artist.

    The measure of novelty of GhostWriter (Potash, Romanov and Rumshisky, EMNLP 2015): lower is
    newer. The songs are cut into verses of eight lines. A word weighs its count times
    ln((1 + N) / (1 + n)) + 1, for N verses of which n have it; N and n are over all artists.
    """

    def __init__(self, songs: Sequence[Song], num_lines: int = PIECE_LINES) -> None:
        by_artist = sorted(songs, key=lambda song: song.artist)
        verses = [
            (song.artist, piece)
            for song in by_artist
            for piece in cut_into_pieces(song.text, num_lines, keeps_rest=True)
        ]
        self._rows: dict[str, tuple[int, int]] = {}
        for row, (artist, _) in enumerate(verses):
            self._rows[artist] = (self._rows.get(artist, (row, row))[0], row + 1)
        self._vocabulary = Vocabulary()
        words = self._vocabulary.learn(piece for _, piece in verses)
        self._num_verses = len(verses)
        counts = self._count(words)
        sizes = np.bincount(self._words_with_row[0], minlength=len(self._vocabulary))
        self._first = np.concatenate(([0], np.cumsum(sizes)))
        self._idf: NDArray[np.float64] = np.log((1 + self._num_verses) / (1 + sizes)) + 1
        weights = counts * self._idf[self._words_with_row[0]]
        squares = np.bincount(self._words_with_row[1], weights**2, minlength=self._num_verses)
        self._weights = weights / np.sqrt(squares)[self._words_with_row[1]]

    def highest(self, text: str, artist: str) -> float:
        """From 0 (no word in common with any verse of the artist) to 1 (the same words as often).

        Words that no song has are left out. 0 for an artist of whom there is no song.
        """
        low, high = self._rows.get(artist, (0, 0))
        words = self._vocabulary.look_up(text)
        known, counts = np.unique(words[words != UNKNOWN], return_counts=True)
        if low == high or not known.size:
            return 0.0
        query = counts * self._idf[known]
        query /= np.linalg.norm(query)
        scores = np.zeros(high - low)
        for word, weight in zip(known.tolist(), query.tolist(), strict=True):
            first, last = self._first[word], self._first[word + 1]
            rows = self._words_with_row[1][first:last]
            mine = slice(*np.searchsorted(rows, [low, high]))
            scores[rows[mine] - low] += weight * self._weights[first:last][mine]
        return min(1.0, float(scores.max()))

    def _count(self, words: Sequence[Ids]) -> Ids:
        """How often a verse has a word, for each pair of them, sorted by word and then by verse."""
        flat = np.concatenate([np.zeros(0, np.int64), *words])
        rows = np.repeat(np.arange(len(words)), [len(verse) for verse in words])
        pairs, counts = np.unique(flat * self._num_verses + rows, return_counts=True)
        self._words_with_row = np.divmod(pairs, max(1, self._num_verses))
        return np.asarray(counts, dtype=np.int64)

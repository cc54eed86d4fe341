"""The words that tell an artist from the others, with what each of them is worth."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from model.corpus.song import Song
from model.evaluation.vocabulary import words_and_marks
from model.evaluation.voice import OWN_SHARE

MAX_WORDS = 400  # of an artist
MAX_SHARES = 4096
_MIN_COUNT = 3


def count_words(songs: Iterable[Song]) -> Counter[str]:
    """Words and punctuation marks, in lower case."""
    return Counter(word for song in songs for word in words_and_marks(song.text))


def shares_of(counts: Counter[str]) -> dict[str, float]:
    """The most frequent words, each with its share of all."""
    total = counts.total()
    return {word: float(f"{n / total:.3g}") for word, n in counts.most_common(MAX_SHARES)}


def characteristic_words(own: Counter[str], shares: Mapping[str, float]) -> dict[str, float]:
    """An artist's words, with the nats by which each speaks for them.

    A word is worth ln(p / q): p is its share of the artist's words, smoothed by everybody's, and q
    everybody's, that of the rarest known where it is not known. Kept are those that come to most
    over all that the artist has written.
    """
    num_words, rarest = own.total(), min(shares.values(), default=1.0)
    nats = {}
    for word, count in own.items():
        ratio = count / num_words / shares.get(word, rarest)
        if count >= _MIN_COUNT and ratio > 1:
            nats[word] = math.log(1 - OWN_SHARE + OWN_SHARE * ratio)
    ranked = sorted(nats, key=lambda word: -own[word] * nats[word])
    return {word: round(nats[word], 2) for word in ranked[:MAX_WORDS]}


def likeness(text: str, voice: Mapping[str, float]) -> float:
    """How much the words of `text` speak for a voice, in nats a word; 0 without words."""
    words = words_and_marks(text)
    return sum(voice.get(word, 0.0) for word in words) / max(1, len(words))

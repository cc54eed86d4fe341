"""What an artist's lines are like: how long, and which of them rhyme."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from model.corpus.song import Song
from model.evaluation.scheme import SCHEMES, end_rhyme_share
from model.phonetics import pronounce

FREE = "free"
BALLAD = "ABCB"
"""Of songs and of Chinese verse: only every other line rhymes."""

_MAX_SONGS = 60  # are enough to know an artist by
_MIN_SHARE = 0.3  # of the pairs of a scheme, for it to be one
_CLEARLY = 0.15  # better: every ABAB is an ABCB too


@dataclass(frozen=True, slots=True)
class Habits:
    """`scheme` is one of SCHEMES, BALLAD or FREE; syllables are those of a line."""

    scheme: str = FREE
    syllables: float = 9.0
    spread: float = 2.0


def habits_of(songs: Sequence[Song]) -> Habits:
    """Of the songs of one artist; those of nobody in particular where there is no line."""
    songs = songs[:_MAX_SONGS]
    counts = [
        sum(word.num_syllables for word in words if word)
        for song in songs
        for line in song.text.split("\n")
        if (words := pronounce(line))
    ]
    if not counts:
        return Habits()
    spread = statistics.pstdev(counts)
    return Habits(_scheme_of(songs), round(statistics.fmean(counts), 2), round(max(0.5, spread), 2))


def _scheme_of(songs: Sequence[Song]) -> str:
    shares = {
        scheme: statistics.fmean(end_rhyme_share(song.text, scheme) for song in songs)
        for scheme in (*SCHEMES, BALLAD)
    }
    best = max(SCHEMES, key=shares.__getitem__)
    if shares[BALLAD] > shares[best] + _CLEARLY:
        best = BALLAD
    return best if shares[best] >= _MIN_SHARE else FREE

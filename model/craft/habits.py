"""What an artist's lines are like: how long, which of them rhyme, and of which words."""

import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from model.corpus.song import Song
from model.evaluation.scheme import FREE, SCHEMES, end_rhyme_share
from model.phonetics import pronounce

BALLAD = "ABCB"
"""Of songs and of Chinese verse: only every other line rhymes."""

_MAX_SONGS = 60  # are enough to know an artist by
_MIN_SHARE = 0.3  # of the pairs of a scheme, for it to be one
_CLEARLY = 0.15  # better: every ABAB is an ABCB too, and every AAAA all the others


@dataclass(frozen=True, slots=True)
class Habits:
    """`scheme` is one of SCHEMES, BALLAD or FREE; syllables are those of a line; `words` are
    those of `characteristic_words`. Raises ValueError where no line could be like that.
    """

    scheme: str = FREE
    syllables: float = 9.0
    spread: float = 2.0
    words: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not re.fullmatch("[A-Za-z]+", self.scheme):
            raise ValueError(f"a scheme is made of letters, not {self.scheme!r}")
        if not (self.syllables >= 0 and self.spread > 0):
            raise ValueError(f"{self.syllables} ± {self.spread} syllables are no line")

    def mixed_with(self, other: "Habits", share: float) -> "Habits":
        """With so much of the other, 0 to 1; the scheme stays."""
        own = 1 - share
        return Habits(
            self.scheme,
            own * self.syllables + share * other.syllables,
            own * self.spread + share * other.spread,
            {
                word: own * self.words.get(word, 0.0) + share * other.words.get(word, 0.0)
                for word in {**self.words, **other.words}
            },
        )


def habits_of(songs: Sequence[Song], words: Mapping[str, float]) -> Habits:
    """Of the songs of one artist; those of nobody in particular where there is no line."""
    songs = songs[:_MAX_SONGS]
    counts = [
        sum(sound.num_syllables for sound in sounds if sound)
        for song in songs
        for line in song.text.split("\n")
        if (sounds := pronounce(line))
    ]
    if not counts:
        return Habits(words=words)
    spread = statistics.pstdev(counts)
    mean = round(statistics.fmean(counts), 2)
    return Habits(_scheme_of(songs), mean, round(max(0.5, spread), 2), words)


def _scheme_of(songs: Sequence[Song]) -> str:
    shares = {
        scheme: statistics.fmean(end_rhyme_share(song.text, scheme) for song in songs)
        for scheme in (*SCHEMES, BALLAD)
    }
    best = max(SCHEMES, key=shares.__getitem__)
    if shares["AAAA"] > (1 - _CLEARLY) * shares[best]:
        best = "AAAA"
    if shares[BALLAD] > shares[best] + _CLEARLY:
        best = BALLAD
    return best if shares[best] >= _MIN_SHARE else FREE

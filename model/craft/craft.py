"""What a checkpoint knows of its artists' craft, beside what the network has learned."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Self

from model.corpus.song import Song
from model.craft.habits import Habits, habits_of
from model.craft.lexicon import MAX_WORDS, RhymeLexicon, line_ends
from model.craft.telling_words import characteristic_words, count_words, shares_of


@dataclass(frozen=True)
class Craft:
    """`line_ends` are words in order of preference; `habits` are by artist's name; `shares` say how
    frequent words are with everybody.
    """

    line_ends: tuple[str, ...] = ()
    habits: Mapping[str, Habits] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)

    def with_songs(self, songs: Iterable[Song]) -> "Craft":
        """This one, and what songs add: their words, and the habits of artists that it does not
        know yet.
        """
        by_artist: dict[str, list[Song]] = defaultdict(list)
        for song in songs:
            by_artist[song.artist].append(song)
        counts = {artist: count_words(each) for artist, each in by_artist.items()}
        shares = self.shares or shares_of(sum(counts.values(), Counter()))
        habits = {
            artist: habits_of(each, characteristic_words(counts[artist], shares))
            for artist, each in by_artist.items()
            if artist not in self.habits
        }
        ends = line_ends(song for each in by_artist.values() for song in each)
        words = tuple(dict.fromkeys((*self.line_ends, *ends)))
        return Craft(words[:MAX_WORDS], {**habits, **self.habits}, shares)

    def habits_of(self, artist: str) -> Habits:
        """Those of an artist, or of nobody in particular."""
        return self.habits.get(artist, Habits())

    @cached_property
    def lexicon(self) -> RhymeLexicon:
        """Built once, when first asked for."""
        return RhymeLexicon(self.line_ends)

    def to_json(self) -> str:
        habits = {artist: asdict(each) for artist, each in self.habits.items()}
        parts = {
            "line_ends": " ".join(self.line_ends),
            "habits": habits,
            "shares": dict(self.shares),
        }
        return json.dumps(parts, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote. Raises ValueError, KeyError or TypeError for all else."""
        parts = json.loads(text)
        habits = {
            artist: Habits(**{**each, "words": _numbers(each["words"])})
            for artist, each in dict(parts["habits"]).items()
        }
        return cls(tuple(str.split(parts["line_ends"])), habits, _numbers(parts["shares"]))


def _numbers(values: Any) -> dict[str, float]:
    return {word: float(number) for word, number in dict(values).items()}

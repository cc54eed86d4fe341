"""What a checkpoint knows of its artists' craft, beside what the network has learned."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Self

from model.corpus.song import Song
from model.craft.habits import Habits, habits_of
from model.craft.lexicon import MAX_WORDS, RhymeLexicon, line_ends


@dataclass(frozen=True)
class Craft:
    """`line_ends` are words in order of preference; `habits` are by artist's name."""

    line_ends: tuple[str, ...] = ()
    habits: Mapping[str, Habits] = field(default_factory=dict)

    @classmethod
    def of(cls, songs: Iterable[Song]) -> Self:
        """Learned from songs of any number of artists."""
        by_artist: dict[str, list[Song]] = defaultdict(list)
        for song in songs:
            by_artist[song.artist].append(song)
        everything = (song for each in by_artist.values() for song in each)
        habits = {artist: habits_of(each) for artist, each in by_artist.items()}
        return cls(tuple(line_ends(everything)), habits)

    def with_songs(self, songs: Iterable[Song]) -> "Craft":
        """This one, and what other songs add: their words, and the habits of their artists where
        there are none yet.
        """
        other = Craft.of(songs)
        words = tuple(dict.fromkeys((*self.line_ends, *other.line_ends)))
        return Craft(words[:MAX_WORDS], {**other.habits, **self.habits})

    def habits_of(self, artist: str) -> Habits:
        """Those of an artist, or of nobody in particular."""
        return self.habits.get(artist, Habits())

    @cached_property
    def lexicon(self) -> RhymeLexicon:
        """Built once, when first asked for."""
        return RhymeLexicon(self.line_ends)

    def to_json(self) -> str:
        habits = {artist: asdict(each) for artist, each in self.habits.items()}
        parts = {"line_ends": " ".join(self.line_ends), "habits": habits}
        return json.dumps(parts, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote. Raises ValueError, KeyError or TypeError for all else."""
        parts = json.loads(text)
        habits = {artist: Habits(**each) for artist, each in parts["habits"].items()}
        return cls(tuple(parts["line_ends"].split()), habits)

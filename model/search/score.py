"""How good a line is: its likelihood against rhyme, length, and what has been said before."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

from model.craft import Habits, RhymeLexicon
from model.evaluation.rhyme import RhymeContext
from model.phonetics import NEAR_RHYME, Pronunciation, pronounce, rhyme_strength, split_words
from model.search.candidate import Candidate


@dataclass(frozen=True, slots=True)
class Weights:
    """What each property is worth, in bits per character of likelihood.

    Chosen by `python -m benchmarks rhyme`: docs/log.md has the table.
    """

    density: float = 0.5  # a vowel of rhyme a word, as in rhyme density
    end_rhyme: float = 0.4  # a perfect rhyme where the scheme wants one, rather than a near one
    openness: float = 0.08  # of a line that others must rhyme with: each doubling of its rhymes
    length: float = 0.06  # a squared deviation from the artist's lines
    repetition: float = 1.5  # all words said before rather than none


@dataclass(frozen=True, slots=True)
class VerseSoFar:
    """What the next line is judged against. Never changes: `with_line` gives the longer one."""

    rhymes: RhymeContext = field(default_factory=RhymeContext)
    said: frozenset[tuple[str, str]] = frozenset()
    """Pairs of words that stand side by side."""
    ends: tuple[Pronunciation | None, ...] = ()
    """The last word of each line; None where its sound is not known."""
    end_words: frozenset[str] = frozenset()

    @classmethod
    def of(cls, lines: Iterable[str]) -> Self:
        """Lines that stand already."""
        so_far = cls()
        for line in lines:
            so_far = so_far._with(line, pronounce(line))
        return so_far

    def with_line(self, candidate: Candidate) -> Self:
        """One line longer."""
        return self._with(candidate.text, candidate.sounds)

    def _with(self, line: str, sounds: Sequence[Pronunciation | None]) -> Self:
        _, rhymes = self.rhymes.read(sounds)
        return type(self)(
            rhymes,
            self.said | _pairs(line),
            (*self.ends, sounds[-1] if sounds else None),
            self.end_words | {word.lower() for word in split_words(line)[-1:]},
        )


def score(
    candidate: Candidate,
    so_far: VerseSoFar,
    target: Pronunciation | None,
    lexicon: RhymeLexicon | None,
    habits: Habits,
    weights: Weights,
) -> float:
    """Higher is better. `target` is what the line must rhyme with; `lexicon` is given when later
    lines must rhyme with this one.
    """
    value = -candidate.bits_per_character
    runs, _ = so_far.rhymes.read(candidate.sounds)
    value += weights.density * runs.density
    if target is not None:
        value += weights.end_rhyme * rhyme_strength(candidate.last_sound, target)
    if lexicon is not None and candidate.last_sound is not None:
        num_rhymes = lexicon.num_rhymes(candidate.last_sound)
        value += weights.openness * math.log2(1 + min(63, num_rhymes))
    deviation = (candidate.num_syllables - habits.syllables) / habits.spread
    value -= weights.length * min(9.0, deviation * deviation)
    pairs = _pairs(candidate.text)
    value -= weights.repetition * len(pairs & so_far.said) / max(1, len(pairs))
    return value


def meets(candidate: Candidate, target: Pronunciation | None) -> bool:
    """Whether the line rhymes as the scheme wants it."""
    return target is None or rhyme_strength(candidate.last_sound, target) >= NEAR_RHYME


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    words = split_words(text.lower())
    return frozenset(pairwise(words))

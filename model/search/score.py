"""How good a line is: its likelihood against rhyme, length, and what has been said before."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

from model.craft import Habits, RhymeLexicon
from model.craft.telling_words import likeness
from model.evaluation.rhyme import RhymeContext
from model.phonetics import NEAR_RHYME, Pronunciation, pronounce, rhyme_strength, split_words
from model.phonetics.words import script_of
from model.search.candidate import Candidate


@dataclass(frozen=True, slots=True)
class Weights:
    """What each property is worth, in bits per letter of likelihood.

    Chosen by `python -m benchmarks rhyme`: docs/log.md has the table.
    """

    enough: float = 1.5  # bits per letter: a line that is likelier than that is no better
    ending: float = 0.06  # each bit above `ENDING_BITS` that a forced ending costs
    density: float = 0.3  # a vowel of rhyme a word, as in rhyme density
    end_rhyme: float = 0.4  # a perfect rhyme where the scheme wants one, rather than a near one
    openness: float = 0.08  # of a line that others must rhyme with: each doubling of its rhymes
    length: float = 0.06  # a squared deviation from the artist's lines
    repetition: float = 4.0  # all pairs of words, and all longer words, said before
    voice: float = 0.8  # a nat a word in the artist's favour
    close: float = 0.5  # a verse whose last line ends its sentence


ENDING_BITS = 6.0
"""About what the last word of a line and its end cost where nobody asks for a rhyme."""

_STOPS = (".", "!", "?", "。", "！", "？", "…")
_QUOTES = "\"'’”」』)"
_LONG_WORD = 4  # letters; shorter ones come again and again


@dataclass(frozen=True, slots=True)
class VerseSoFar:
    """What the next line is judged against. Never changes: `with_line` gives the longer one."""

    rhymes: RhymeContext = field(default_factory=RhymeContext)
    said: frozenset[tuple[str, ...]] = frozenset()
    """Pairs of words that stand side by side, and longer or Chinese words by themselves."""
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
            self.said | _sayings(line),
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
    *,
    is_last: bool = False,
) -> float:
    """Higher is better. `target` is what the line must rhyme with; `lexicon` is given when later
    lines must rhyme with this one; `is_last`: of the verse.
    """
    runs, _ = so_far.rhymes.read(candidate.sounds)
    deviation = (candidate.num_syllables - habits.syllables) / habits.spread
    sayings = _sayings(candidate.text)
    value = (
        -max(weights.enough, candidate.bits_per_letter)
        - weights.ending * max(0.0, candidate.ending_bits - ENDING_BITS)
        + weights.density * runs.density
        - weights.length * min(9.0, deviation * deviation)
        - weights.repetition * len(sayings & so_far.said) / max(1, len(sayings))
        + weights.voice * likeness(candidate.text, habits.words)
    )
    if target is not None:
        value += weights.end_rhyme * rhyme_strength(candidate.last_sound, target)
    if lexicon is not None and candidate.last_sound is not None:
        num_rhymes = lexicon.num_rhymes(candidate.last_sound)
        value += weights.openness * math.log2(1 + min(63, num_rhymes))
    if is_last and candidate.text.rstrip(_QUOTES).endswith(_STOPS):
        value += weights.close
    return value


def meets(candidate: Candidate, target: Pronunciation | None) -> bool:
    """Whether the line rhymes as the scheme wants it."""
    return target is None or rhyme_strength(candidate.last_sound, target) >= NEAR_RHYME


def _sayings(text: str) -> frozenset[tuple[str, ...]]:
    words = split_words(text.lower())
    long = {(word,) for word in words if len(word) >= _LONG_WORD or script_of(word) == "han"}
    return frozenset(pairwise(words)) | long

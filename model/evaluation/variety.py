"""How long lines are, and how much of what is said was said before."""

import statistics
from collections.abc import Iterable
from typing import NamedTuple

from model.phonetics import pronounce, split_words
from model.phonetics.pronunciation import DEFAULT_VOICE


class Syllables(NamedTuple):
    """Of the lines of a text, in syllables; 0 and 0 without lines."""

    mean: float
    spread: float
    """The standard deviation over the lines, as of a whole population: 0 where all are equal."""


def syllables_per_line(text: str, voice: str = DEFAULT_VOICE) -> Syllables:
    """Syllables of the lines that have a word; words of unknown sound, and digits, add none.

    Vowels as eSpeak reads each word by itself: "fire" has two. A Chinese character is one.
    """
    counts = []
    for line in text.split("\n"):
        words = pronounce(line, voice)
        if words:
            counts.append(sum(word.num_syllables for word in words if word))
    if not counts:
        return Syllables(0.0, 0.0)
    return Syllables(statistics.fmean(counts), statistics.pstdev(counts))


def distinct_n(texts: Iterable[str], n: int) -> float:
    """Different runs of `n` words over all runs of `n` words in `texts` together, from 0 to 1.

    Distinct-n of Li et al. 2016, "A Diversity-Promoting Objective Function for Neural Conversation
    Models". It falls as texts grow more: compare equal amounts. 0 where no text has `n` words. Case
    does not count; a Chinese character is a word; runs go over line ends.
    """
    runs = [run for text in texts for run in _runs_of_words(text, n)]
    return len(set(runs)) / max(1, len(runs))


def self_repetition(text: str, n: int = 4) -> float:
    """Share of the runs of `n` words that came before in the same text, from 0 to 1.

    seq-rep-n of Welleck et al. 2020, "Neural Text Generation with Unlikelihood Training".
    """
    runs = _runs_of_words(text, n)
    return 1 - len(set(runs)) / len(runs) if runs else 0.0


def _runs_of_words(text: str, n: int) -> list[tuple[str, ...]]:
    words = split_words(text.lower())
    return list(zip(*(words[start:] for start in range(n)), strict=False))

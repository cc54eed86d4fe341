"""Rhymes where verse wants them: at the ends of lines by a scheme, and inside lines."""

from collections.abc import Sequence
from itertools import pairwise

from model.phonetics import NEAR_RHYME, Pronunciation, pronounce, rhyme_strength
from model.phonetics.pronunciation import DEFAULT_VOICE

SCHEMES = ("AABB", "ABAB", "ABBA", "AAAA")
FREE = "free"
"""No scheme: nothing is asked to rhyme."""


def rhyming_pairs(scheme: str, num_lines: int) -> list[tuple[int, int]]:
    """Indices of the lines that must rhyme when `scheme` is repeated over `num_lines` lines.

    Each line must rhyme with the one before it that has its letter, within one round of the scheme:
    AABB asks for (0, 1) and (2, 3), ABAB for (0, 2) and (1, 3), ABBA for (1, 2) and (0, 3), and
    AAAA for (0, 1), (1, 2) and (2, 3). A letter that comes once, as A in ABCB, asks for nothing.
    Pairs that the last round is too short for are left out. FREE asks for nothing.
    """
    if scheme == FREE:
        return []
    places = {letter: [i for i, each in enumerate(scheme) if each == letter] for letter in scheme}
    pairs = sorted((b, a) for each in places.values() for a, b in pairwise(each))
    return [
        (start + first, start + second)
        for start in range(0, num_lines, max(1, len(scheme)))
        for second, first in pairs
        if start + second < num_lines
    ]


def end_rhyme_share(
    text: str, scheme: str, voice: str = DEFAULT_VOICE, min_strength: float = NEAR_RHYME
) -> float:
    """Share of the scheme's pairs of lines whose last words rhyme, from 0 to 1.

    A stanza begins the scheme anew. The last word of a Chinese line is its last character. A pair
    with a word of unknown sound, or the same word twice, does not rhyme; a text too short for any
    pair has 0. `min_strength` is of `rhyme_strength`.
    """
    num_met = num_pairs = 0
    for ends in _line_ends(text, voice):
        pairs = rhyming_pairs(scheme, len(ends))
        num_pairs += len(pairs)
        num_met += sum(rhyme_strength(ends[a], ends[b]) >= min_strength for a, b in pairs)
    return num_met / max(1, num_pairs)


def internal_rhyme_share(
    text: str, voice: str = DEFAULT_VOICE, min_strength: float = NEAR_RHYME
) -> float:
    """Share of words that rhyme with an earlier word of their own line, from 0 to 1.

    Hirjee and Brown 2010 call these internal rhymes. Words of unknown sound are not counted; a
    Chinese character has one of fourteen rhymes, so a line of seven has some by chance.
    """
    num_rhyming = num_words = 0
    for line in text.split("\n"):
        words = [word for word in pronounce(line, voice) if word]
        num_words += len(words)
        num_rhyming += sum(
            _has_rhyme(word, words[:index], min_strength) for index, word in enumerate(words)
        )
    return num_rhyming / max(1, num_words)


def _has_rhyme(word: Pronunciation, others: Sequence[Pronunciation], min_strength: float) -> bool:
    return any(rhyme_strength(word, other) >= min_strength for other in others)


def _line_ends(text: str, voice: str) -> list[list[Pronunciation | None]]:
    """The last word of each line, stanza by stanza; None if the line has no word of known sound."""
    stanzas: list[list[Pronunciation | None]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            stanzas[-1].append((pronounce(line, voice) or [None])[-1])
        else:
            stanzas.append([])
    return stanzas

"""Which lines of a verse rhyme, and with which: letters for people to read."""

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from model.evaluation.scheme import FREE, rhyming_pairs
from model.phonetics import NEAR_RHYME, Pronunciation, pronounce, rhyme_strength, split_words

_NEAR_LINES = 3  # in free verse, how far apart lines are looked at

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """Its last word is `text[start:stop]`. Lines of one `letter` rhyme; "" rhymes with none."""

    text: str
    start: int
    stop: int
    letter: str


@dataclass(frozen=True, slots=True)
class RhymeMarks:
    """`num_met` of the scheme's `num_pairs` pairs of lines rhyme; of free verse there are none."""

    lines: tuple[MarkedLine, ...]
    num_pairs: int
    num_met: int


def knows_rhymes(text: str) -> bool:
    """Whether the last word of any line has a known sound; else no scheme can be kept."""
    return any(sound is not None for sound in map(_end_sound, text.split("\n")))


def mark_rhymes(text: str, scheme: str | None, context: str = "") -> RhymeMarks:
    """`context` stands before the verse, and its lines count as those of the scheme."""
    before = [line for line in context.split("\n") if line.strip()]
    lines = [line for line in text.split("\n") if line.strip()]
    ends = [_end_sound(line) for line in (*before, *lines)]
    scheme = FREE if scheme is None else scheme
    is_free = scheme == FREE
    pairs = _near_pairs(len(ends)) if is_free else rhyming_pairs(scheme, len(ends))
    pairs = [pair for pair in pairs if pair[1] >= len(before)]
    met = [pair for pair in pairs if _do_rhyme(ends, pair)]
    letters = iter(_letters(len(ends), met)[len(before) :])
    marked = (_marked(line, next(letters) if line.strip() else "") for line in text.split("\n"))
    return RhymeMarks(tuple(marked), 0 if is_free else len(pairs), 0 if is_free else len(met))


def _near_pairs(num_lines: int) -> list[Pair]:
    return [
        (first, second)
        for second in range(num_lines)
        for first in range(max(0, second - _NEAR_LINES), second)
    ]


def _do_rhyme(ends: Sequence[Pronunciation | None], pair: Pair) -> bool:
    return rhyme_strength(ends[pair[0]], ends[pair[1]]) >= NEAR_RHYME


def _letters(num_lines: int, rhyming: Iterable[Pair]) -> list[str]:
    """A letter for each line that rhymes, the same along a chain of pairs; "" for the others."""
    letters = [""] * num_lines
    num_used = 0
    for first, second in sorted(rhyming):
        if not letters[first]:
            letters[first] = string.ascii_uppercase[num_used % len(string.ascii_uppercase)]
            num_used += 1
        letters[second] = letters[first]
    return letters


def _marked(line: str, letter: str) -> MarkedLine:
    word = (split_words(line) or [""])[-1]
    start = line.rfind(word) if word else -1
    if start < 0:
        return MarkedLine(line, len(line), len(line), letter)
    return MarkedLine(line, start, start + len(word), letter)


def _end_sound(line: str) -> Pronunciation | None:
    return (pronounce(split_words(line)[-1:]) or [None])[0]

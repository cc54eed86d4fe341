"""Rhyme density: how much of a text rhymes, anywhere in its lines (Malmi et al. 2016).

"DopeLearning: A Computational Approach to Rap Lyrics Generation", KDD 2016, as its authors' program
Raplyzer counts. A figure says little without its look-back, which is 15 words there and here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from model.phonetics import Pronunciation, pronounce, split_words
from model.phonetics.pronunciation import DEFAULT_VOICE

LOOK_BACK = 15


@dataclass(frozen=True, slots=True)
class RhymeRuns:
    """The runs of some words: their lengths in vowels, added up, and how many words they are of."""

    num_vowels: int = 0
    num_words: int = 0

    def __add__(self, other: "RhymeRuns") -> "RhymeRuns":
        return RhymeRuns(self.num_vowels + other.num_vowels, self.num_words + other.num_words)

    @property
    def density(self) -> float:
        """Vowels a word; 0 without words."""
        return self.num_vowels / max(1, self.num_words)


@dataclass(frozen=True, slots=True)
class RhymeContext:
    """A text so far, for the rhymes of whatever comes next; begins empty.

    It never changes, so that a search can try many next lines on one context:

        runs, longer = context.read(pronounce(line))

    Runs of line after line add up to those of the whole text read at once.
    """

    look_back: int = LOOK_BACK
    vowels: str = ""
    """Of the whole text."""
    ends: tuple[int, ...] = ()
    """How many of the vowels there are up to the end of each of the last `look_back` words."""
    sounds: tuple[str, ...] = ()
    """The same words, to tell which are identical."""

    def read(self, words: Iterable[Pronunciation | None]) -> tuple[RhymeRuns, "RhymeContext"]:
        """The runs of `words` against one another and what came before, and the text with them.

        Words without a counted vowel ("the"), or whose sound is not known, are passed over.
        """
        parts, ends, sounds = [self.vowels], list(self.ends), list(self.sounds)
        num_known, position = len(ends), len(self.vowels)
        for word in words:
            if word is not None and word.vowels:
                parts.append(word.vowels)
                position += len(word.vowels)
                ends.append(position)
                sounds.append(word.sound)
        vowels = "".join(parts)
        tails = [vowels[max(0, end - 2) : end] for end in ends]
        text = (vowels, ends, tails, sounds)
        num_vowels = sum(
            _longest_run(*text, index, self.look_back) for index in range(num_known, len(ends))
        )
        kept = slice(max(0, len(ends) - self.look_back), None)
        context = RhymeContext(self.look_back, vowels, tuple(ends[kept]), tuple(sounds[kept]))
        return RhymeRuns(num_vowels, len(ends) - num_known), context


def rhyme_runs(text: str, look_back: int = LOOK_BACK, voice: str = DEFAULT_VOICE) -> RhymeRuns:
    """The runs of all words of a text, to add to those of other texts.

    A word's run is the longest sequence of equal vowels, counted backwards over consonants and word
    ends, in which both the word and one of the `look_back` words before it end; the two sequences
    do not overlap. One equal vowel is no run, and identical words (homophones too) make none.
    Vowels are those of `Pronunciation.vowels`. In Chinese every character is a word of one vowel,
    its rhyme in 中华新韵 without tone, so a run is of two or more characters with the same rhymes
    in the same order. Lines in brackets, and lines that have come before, are left out.
    """
    words = (word for line in _counted_lines(text) for word in pronounce(line, voice))
    return RhymeContext(look_back).read(words)[0]


def rhyme_density(text: str, look_back: int = LOOK_BACK, voice: str = DEFAULT_VOICE) -> float:
    """The mean length of `rhyme_runs`, in vowels a word; 0 without words."""
    return rhyme_runs(text, look_back, voice).density


def _longest_run(
    vowels: str,
    ends: Sequence[int],
    tails: Sequence[str],
    sounds: Sequence[str],
    index: int,
    look_back: int,
) -> int:
    """`tails` are the last two vowels at each of `ends`: without these, there is no run."""
    end, tail, longest = ends[index], tails[index], 0
    for other in range(max(0, index - look_back), index):
        if tails[other] != tail or sounds[other] == sounds[index]:
            continue
        start = ends[other]
        reach = min(start, end - start)
        length = 0
        while length < reach and vowels[start - length - 1] == vowels[end - length - 1]:
            length += 1
        longest = max(longest, length)
    return longest if longest > 1 else 0


def _counted_lines(text: str) -> list[list[str]]:
    seen: set[tuple[str, ...]] = set()
    lines = []
    for line in text.split("\n"):
        words = split_words(line.lower())
        is_bracketed = line.strip().startswith(("[", "(")) and line.strip().endswith(("]", ")"))
        if words and not is_bracketed and tuple(words) not in seen:
            lines.append(words)
        seen.add(tuple(words))
    return lines

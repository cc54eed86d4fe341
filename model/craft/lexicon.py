"""Words that lines may end on, found by their rhyme."""

from collections import Counter
from collections.abc import Iterable, Sequence

from model.corpus.song import Song
from model.phonetics import NEAR_RHYME, Pronunciation, pronounce, rhyme_strength, split_words

MAX_WORDS = 16_384
_MIN_COUNT = 3  # a word that ended a line or two may be a slip


class RhymeLexicon:
    """`words` are in order of preference, the most frequent first.

    To build it pronounces every word, which takes about half a second for ten thousand.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self._by_rhyme: dict[tuple[str, str], list[int]] = {}
        self._by_ending: dict[tuple[str, str], list[int]] = {}
        self._sounds = pronounce(self.words)
        for number, sound in enumerate(self._sounds):
            if sound is not None:
                self._by_rhyme.setdefault((sound.language, sound.rhyme), []).append(number)
                self._by_ending.setdefault((sound.language, sound.ending), []).append(number)

    def rhymes_with(self, word: Pronunciation, min_strength: float = NEAR_RHYME) -> list[str]:
        """The words that rhyme with `word`, perfect rhymes first, then by preference."""
        perfect = self._by_rhyme.get((word.language, word.rhyme), ())
        near = self._by_ending.get((word.language, word.ending), ())
        numbers = dict.fromkeys((*perfect, *near))
        strengths = {number: rhyme_strength(self._sounds[number], word) for number in numbers}
        found = [number for number, strength in strengths.items() if strength >= min_strength]
        return [self.words[number] for number in sorted(found, key=lambda n: (-strengths[n], n))]

    def num_rhymes(self, word: Pronunciation) -> int:
        """About how many words rhyme with `word`: those with the same perfect rhyme."""
        return len(self._by_rhyme.get((word.language, word.rhyme), ()))


def line_ends(songs: Iterable[Song]) -> list[str]:
    """The last words of the songs' lines, in lower case, the most frequent first.

    Words that ended a line or two are left out, unless too few would remain to rhyme at all.
    """
    counts = Counter(
        words[-1].lower()
        for song in songs
        for line in song.text.split("\n")
        if (words := split_words(line))
    )
    ranked = [word for word, count in counts.most_common() if count >= _MIN_COUNT]
    return (ranked or [*counts])[:MAX_WORDS]

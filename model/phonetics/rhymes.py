"""Whether two words rhyme, and how well."""

from model.phonetics.pronunciation import DEFAULT_VOICE, Pronunciation, pronounce

PERFECT_RHYME = 1.0
NEAR_RHYME = 0.75
ASSONANCE = 0.5
UNSTRESSED_RHYME = 0.25


def rhyme_strength(one: Pronunciation | None, other: Pronunciation | None) -> float:
    """From 0 to 1, in five steps.

    1: equal from the last stressed vowel on ("nation", "station"); in Chinese, of the same one of
    the fourteen rhymes of 中华新韵. 0.75: the last syllables are equal from the vowel on, and at
    least one of them is stressed ("melody", "tree"). 0.5: only the vowels of a perfect rhyme are
    equal ("time", "line"); in Chinese, n and ng differ. 0.25: unstressed last syllables are equal
    from the vowel on ("singing", "walking"). 0: anything else; a word and itself or its homophone;
    two languages; a word whose sound is not known.
    """
    if one is None or other is None or one.language != other.language or one.sound == other.sound:
        return 0.0
    if one.rhyme == other.rhyme:
        return PERFECT_RHYME
    has_equal_ending = one.ending == other.ending
    if has_equal_ending and (_ends_stressed(one) or _ends_stressed(other)):
        return NEAR_RHYME
    if one.assonance == other.assonance:
        return ASSONANCE
    return UNSTRESSED_RHYME if has_equal_ending else 0.0


def rhymes(
    word: str, other: str, voice: str = DEFAULT_VOICE, min_strength: float = NEAR_RHYME
) -> bool:
    """Whether two words, or the last words of two texts, rhyme with at least `min_strength`."""
    ends = (pronounce(text, voice)[-1:] or [None] for text in (word, other))
    return rhyme_strength(*(end for (end,) in ends)) >= min_strength


def _ends_stressed(word: Pronunciation) -> bool:
    """A word of one syllable counts as stressed, but "the" and "a" cannot be."""
    return word.rhyme == word.ending and not word.ending.startswith("ə")

"""How words sound: their vowels, their syllables, and which of them rhyme."""

from model.phonetics.pronunciation import Pronunciation, pronounce
from model.phonetics.rhymes import NEAR_RHYME, PERFECT_RHYME, rhyme_strength, rhymes
from model.phonetics.words import split_words

__all__ = [
    "NEAR_RHYME",
    "PERFECT_RHYME",
    "Pronunciation",
    "pronounce",
    "rhyme_strength",
    "rhymes",
    "split_words",
]

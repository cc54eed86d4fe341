"""How a word is pronounced, whatever its script: eSpeak for alphabets, pinyin for Chinese."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from model.phonetics.espeak import transcribe
from model.phonetics.ipa import read_phonemes
from model.phonetics.pinyin import final_of
from model.phonetics.words import Script, script_of, split_words

DEFAULT_VOICE = "en-us"
CHINESE = "zh"

_LONGEST_WORD = 48  # letters; what is longer is no word, and eSpeak cuts it anywhere
_CACHED_WORDS = 16_384  # about 12 MB
_SCRIPTS: dict[str, Script] = {
    **dict.fromkeys(("be", "bg", "kk", "ky", "mk", "ru", "sr", "tt", "uk"), "cyrillic"),
    "el": "greek",
    "ko": "hangul",
}
# By itself, eSpeak reads this word as the name of its letter.
_UNSTRESSED = {"a": "ə"}


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """The sound of one word, as far as verse makes use of it.

    Nothing is said about its first consonants: words that differ in these alone rhyme.
    """

    language: str
    """The eSpeak voice, or "zh"; words of two languages never rhyme."""
    sound: str
    """All of it: equal for homophones in an alphabet; in Chinese, the character itself."""
    vowels: str
    """One letter a vowel, near-equal ones merged, schwa left out; may be "". As in Raplyzer
    (Malmi), a diphthong is two. A Chinese character is one vowel: its rhyme."""
    num_syllables: int
    rhyme: str
    """Of a perfect rhyme: the last stressed vowel and everything after it, in IPA."""
    ending: str
    """The last vowel, stressed or not, and everything after it."""
    assonance: str
    """The vowels of `rhyme`. In Chinese, the rhyme without the difference of n and ng."""


def pronounce(
    words: str | Iterable[str], voice: str = DEFAULT_VOICE, *, has_tones: bool = False
) -> list[Pronunciation | None]:
    """One pronunciation for each of `words`, or for each word of a text.

    Latin letters are read by `voice`, and so is the script of its language; Han characters are
    Chinese whatever the voice, and with `has_tones` rhyme only in the same tone. None where no
    rhyme is known: any other script, digits, symbols, several words in one, more than 48 letters.
    Raises PhoneticsError for a voice that eSpeak does not have. Safe from any thread.
    """
    each = split_words(words) if isinstance(words, str) else words
    return [_pronounce(word.lower().replace("’", "'"), voice, has_tones) for word in each]


@functools.lru_cache(maxsize=_CACHED_WORDS)
def _pronounce(word: str, voice: str, has_tones: bool) -> Pronunciation | None:
    script = script_of(word)
    if script == "han":
        return _chinese(word, has_tones)
    if script is None or len(word) > _LONGEST_WORD:
        return None
    is_read = script in ("latin", _SCRIPTS.get(voice.partition("-")[0]))
    return _alphabetic(word, voice) if is_read else None


def _alphabetic(word: str, voice: str) -> Pronunciation | None:
    is_english = voice.partition("-")[0] == "en"
    phonemes = (_UNSTRESSED.get(word) if is_english else None) or transcribe(word, voice)
    sounds = read_phonemes(phonemes)
    return None if sounds is None else Pronunciation(voice, phonemes, *sounds)


def _chinese(character: str, has_tones: bool) -> Pronunciation | None:
    final = final_of(character)
    if final is None:
        return None
    tone = final.tone if has_tones else ""
    return Pronunciation(
        language=CHINESE,
        sound=character,
        vowels=final.rhyme,
        num_syllables=1,
        rhyme=final.rhyme + tone,
        ending=final.rhyme + tone,
        assonance=final.loose_rhyme + tone,
    )

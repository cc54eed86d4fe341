"""The words of a text as the copy guard compares them, and a number for each."""

import hashlib
import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02c8\u2018\u2019\u201b\u2032\uff07"
# Scripts without spaces between words: Thai, Lao, Burmese, Khmer, kana, Han.
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_ASCII_WORD = re.compile("[a-z0-9]+")
_WORD = re.compile(rf"[{_SPACELESS}](?<=\w)|[^\W_{_SPACELESS}]+")
_NUM_CACHED = 1 << 15


def folded_words(text: str) -> list[str]:
    """Words without case, accents, apostrophes and punctuation; line ends are spaces like others.

    "Don’t" is "dont", "to-day" is two words. Where a script has no spaces between words, Han
    first, each character is a word. A text's words are those of its lines, one after another.
    """
    plain = text.replace("\u2019", "").replace("'", "")
    if plain.isascii():
        return _ASCII_WORD.findall(plain.replace("`", "").lower())
    return _WORD.findall(_fold(plain))


@lru_cache(_NUM_CACHED)
def hash_word(word: str) -> int:
    """64 bits, the same in every process and on every machine."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")


def hash_words(text: str) -> list[int]:
    """Of all `folded_words` of a text."""
    return [hash_word(word) for word in folded_words(text)]


def _fold(text: str) -> str:
    for apostrophe in _APOSTROPHES:  # first, as some decompose into a space and a mark
        text = text.replace(apostrophe, "")
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in folded if _is_kept(character))


def _is_kept(character: str) -> bool:
    """Marks and what nobody sees would part a word."""
    if character.isascii():
        return True
    category = unicodedata.category(character)
    return category[0] != "M" and category != "Cf" and character not in _APOSTROPHES

"""From text to words, and the script that each is written in."""

import re
import unicodedata
from typing import Literal

Script = Literal["latin", "han", "cyrillic", "greek", "hangul"]

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"[^\W\d_{_HAN}]"
# The last part keeps what "runnin'" has dropped; any other apostrophe at an end may be a quote.
_WORD = re.compile(rf"[{_HAN}]|{_LETTER}+(?:['’]{_LETTER}+)*(?:(?<=[iI][nN])['’])?")
_ASCII_WORD = re.compile("[A-Za-z]+(?:'[A-Za-z]+)*(?:(?<=[iI][nN])')?")  # the same, much faster
_HAN_CHARACTER = re.compile(f"[{_HAN}]")
_ALPHABETS: dict[Script, re.Pattern[str]] = {
    "latin": re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff'’]+"),
    "han": _HAN_CHARACTER,
    "cyrillic": re.compile("[\u0400-\u052f'’]+"),
    "greek": re.compile("[\u0370-\u03ff\u1f00-\u1fff'’]+"),
    "hangul": re.compile("[\uac00-\ud7a3]+"),
}


def split_words(text: str) -> list[str]:
    """Runs of letters, with the apostrophes inside them ("don't"); each Han character is a word.

    Everything else parts words and is dropped: digits, punctuation, emoji.
    """
    if text.isascii():
        return _ASCII_WORD.findall(text)
    return _WORD.findall(unicodedata.normalize("NFC", text))


def script_of(word: str) -> Script | None:
    """The script that all letters of a word belong to; None for any other, and for a mixture."""
    for script, alphabet in _ALPHABETS.items():
        if alphabet.fullmatch(word):
            return script
    return None


def num_han(text: str) -> int:
    """How many Han characters there are."""
    return 0 if text.isascii() else len(_HAN_CHARACTER.findall(text))

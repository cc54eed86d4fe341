"""Text as the word lists see it: one form for every disguise, and where it came from."""

import functools
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# Cf: zero-width and bidirectional characters; Mn and Me: accents and what is drawn around letters.
_UNSEEN = frozenset({"Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me"})
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_LETTER_BLOCKS = (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)  # squared, circled, flags: A to Z each


@dataclass(frozen=True, slots=True)
class Letters:
    """`signs` has what else each letter may be written as, inside a word."""

    signs: Mapping[str, str]
    folds: Mapping[str, str]


@functools.cache
def letters() -> Letters:
    """From letters.toml, read once."""
    with (Path(__file__).parent / "letters.toml").open("rb") as file:
        table = tomllib.load(file)
    folds = {
        character: letter
        for letter, characters in table["lookalikes"].items()
        for character in characters
    }
    folds |= {pair[0]: pair[1] for pair in table["simplified"]["pairs"].split()}
    return Letters(signs=table["signs"], folds=folds)


def fold(text: str) -> str:
    """Lower case, without accents or unseen characters, look-alikes as what they look like.

    Line breaks stay line breaks: every one that `str.splitlines` knows becomes a newline.
    """
    return text.translate(_FOLDS)


def origins(text: str) -> list[int]:
    """For each character of `fold(text)`, the index of the one in `text` that it was."""
    return [index for index, character in enumerate(text) for _ in character.translate(_FOLDS)]


class _Folds(dict[int, str]):
    """Filled as characters are met: looking one up is then all that it costs."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


_FOLDS = _Folds()


def _folded(character: str) -> str:
    if character.isspace():
        return "\n" if len(f"a{character}a".splitlines()) > 1 else " "
    if character in _BLANKS:
        return ""
    if character == "_":
        return "-"  # regular expressions take it for a letter
    code = ord(character)
    for first in _LETTER_BLOCKS:
        if first <= code < first + 26:
            return chr(ord("a") + code - first)
    folds = letters().folds
    pieces = unicodedata.normalize("NFKD", folds.get(character, character))
    seen = "".join(each for each in pieces if unicodedata.category(each) not in _UNSEEN)
    return "".join(folds.get(each, each) for each in seen.casefold())

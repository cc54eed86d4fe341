"""Words as regular expressions over folded text: a tree of letters, and what may stand between."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

# What may stand between two letters of one word, however it is disguised. An apostrophe may not:
# “we'll” and “who're” are words. Nothing goes on over a line break.
_JOINED = r"[^\w\s'’]{0,3}"  # f.u-c*k
_BROKEN = r"[^a-z0-9\n'’]{0,3}"  # fu ck
_SPACED = r"[^a-z0-9\n]{1,3}"  # f u c k: each letter alone
_CHINESE = r"[^\w\n,!?;:。、…—]{0,2}"  # not over the end of a clause
_BETWEEN_WORDS = r"[^a-z0-9\n]{0,3}"

_MIN_SPACED = 4  # letters; three that stand alone are initials

_BEFORE_LATIN, _AFTER_LATIN = r"(?<![a-z])", r"(?![a-z])"
_BEFORE_LONE = r"(?<![a-z])(?=.[^a-z0-9\n])"
_BEFORE_OTHER, _AFTER_OTHER = r"(?<![^\W_])", r"(?![^\W_])"

Unit = tuple[str, int]  # a character and how many of it at least stand together


@dataclass(slots=True)
class _Node:
    next: dict[Unit, "_Node"] = field(default_factory=dict)
    is_end: bool = False
    is_stem: bool = False  # more letters may follow


def compile_words(
    words: Iterable[str], broken: Iterable[str], signs: Mapping[str, str]
) -> tuple[re.Pattern[str], ...]:
    """Patterns that find the folded `words` in folded text.

    A word may end on `*`, and begin with it: then letters may go on there. Those that are `broken`
    are found with a space inside too; `signs` is what letters may be written as.
    """
    entries = [word for word in dict.fromkeys(words) if word.strip("* ")]
    inside = [word.lstrip("*") for word in entries if word.startswith("*")]
    whole = [word for word in entries if not word.startswith("*")]
    latin = [word for word in whole if _is_latin(word[0])]
    spaced = [word for word in latin + inside if sum(map(str.isalpha, word)) >= _MIN_SPACED]
    chinese = [word for word in whole if is_chinese(word[0])]
    others = [word for word in whole if not _is_latin(word[0]) and not is_chinese(word[0])]
    writers = (
        (latin, _Writer(signs, _JOINED, _BEFORE_LATIN, _AFTER_LATIN)),
        (spaced, _Writer(signs, _SPACED, _BEFORE_LONE, _AFTER_LATIN, is_spaced=True)),
        ([*broken], _Writer(signs, _BROKEN, _BEFORE_LATIN, _AFTER_LATIN)),
        (inside, _Writer(signs, _JOINED, "", _AFTER_LATIN)),
        (others, _Writer({}, _JOINED, _BEFORE_OTHER, _AFTER_OTHER)),
        (chinese, _Writer({}, _CHINESE, "", _AFTER_LATIN)),
    )
    return tuple(writer.pattern(entries) for entries, writer in writers if entries)


def is_chinese(character: str) -> bool:
    """Whether words of this script stand side by side without spaces: Han, kana, bopomofo."""
    return "\u2e80" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"


def _is_latin(character: str) -> bool:
    return "a" <= character <= "z"


@dataclass(frozen=True, slots=True)
class _Writer:
    signs: Mapping[str, str]
    gap: str
    before: str
    after: str
    is_spaced: bool = False

    def pattern(self, words: Iterable[str]) -> re.Pattern[str]:
        root = _Node()
        for word in words:
            node = root
            for unit in _units(word.rstrip("*")):
                node = node.next.setdefault(unit, _Node())
            node.is_stem |= word.endswith("*")
            node.is_end = True
        return re.compile(self.before + self._branches(root))

    def _branches(self, node: _Node) -> str:
        parts = [self._branch(unit, each) for unit, each in node.next.items()]
        return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"

    def _branch(self, unit: Unit, node: _Node) -> str:
        here = self._unit(unit)
        ways = []
        if node.next:
            gap = "" if self.is_spaced and unit[0] == " " else self.gap
            ways.append(gap + self._branches(node))
        if node.is_end:
            ways.append(self._ending(node, unit[0]))
        return here + (ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})")

    def _unit(self, unit: Unit) -> str:
        character, count = unit
        if character == " ":
            return "" if self.is_spaced else _BETWEEN_WORDS
        letter = self._letter(character)
        if self.is_spaced or not _is_latin(character):
            return self.gap.join([letter] * count)
        # One letter for many: “fuuuck”. The first alone, so that a branch is left at a glance.
        return f"{letter}{letter}*" + f"{self.gap}{letter}+" * (count - 1)

    def _letter(self, character: str) -> str:
        signs = self.signs.get(character, "")
        return f"[{character}{re.escape(signs)}]" if signs else re.escape(character)

    def _ending(self, node: _Node, last: str) -> str:
        if not _is_latin(last):
            is_open = is_chinese(last) or self.after == _AFTER_LATIN
            return "" if is_open else self.after
        if node.is_stem and not self.is_spaced:
            return "[a-z]*"
        vowel = f"(?:e{self.gap})?" if last in "hsxz" else ""  # bitches, but no heroines
        return f"(?:{self.gap}{vowel}[sz5$])?{self.after}"


def _units(word: str) -> Iterator[Unit]:
    for character, same in groupby(word):
        yield character, len(list(same))

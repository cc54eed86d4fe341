"""What may be said in one place: a level, and the words that a server has blocked for itself."""

import functools
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.errors import BadSeed
from bot.locale import N_
from bot.moderation.folding import fold, letters, origins
from bot.moderation.policy import ContentLevel
from bot.moderation.word_lists import word_lists
from bot.moderation.word_patterns import compile_words

_MAX_KEPT = 512  # rules of servers with words of their own


class Blocked(NamedTuple):
    """`text[start:end]` may not be said."""

    start: int
    end: int
    word: str  # as it stands there


@dataclass(frozen=True, slots=True)
class ContentRules:
    """Immutable, and pure: any thread may ask. Take one from `rules_for`, which keeps them."""

    level: ContentLevel
    words: tuple[str, ...] = ()
    _patterns: tuple[re.Pattern[str], ...] = field(init=False, repr=False, compare=False)
    _numbers: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        own = [fold(word) for word in self.words]
        patterns = (*_listed(self.level), *compile_words(own, (), letters().signs))
        object.__setattr__(self, "_patterns", patterns)
        numbers = frozenset(word for word in own if not any(map(str.isalpha, word)))
        object.__setattr__(self, "_numbers", numbers)

    def blocked(self, text: str) -> list[Blocked]:
        """All that may not be said, from the start to the end of `text`; none goes over a line."""
        folded = fold(text)
        spans = {
            match.span()
            for pattern in self._patterns
            for match in pattern.finditer(folded)
            if self._has_letters(match.group())
        }
        if not spans:
            return []
        innocent = [match.span() for match in _innocent().finditer(folded)]
        guilty = {_whole(folded, span) for span in spans if not _lies_in(span, innocent)}
        where = origins(text)
        edges = [(where[start], where[end - 1] + 1) for start, end in _merged(guilty)]
        return [Blocked(start, end, text[start:end]) for start, end in edges]

    def allows(self, text: str) -> bool:
        return not self.blocked(text)

    def flagged_lines(self, text: str) -> tuple[int, ...]:
        """Which lines of `text.splitlines()` hold something that may not be said, from 0."""
        if self.allows(text):
            return ()
        return tuple(
            number for number, line in enumerate(text.splitlines()) if not self.allows(line)
        )

    def mask(self, text: str) -> str:
        """With each blocked word cut to its first character and bullets; as long as before."""
        while found := self.blocked(text):
            for start, end, word in found:
                text = text[:start] + _bullets(word) + text[end:]
        return text

    def check_seed(self, seed: str) -> None:
        """Raises BadSeed where a verse could not be shown opening with these words."""
        if not self.allows(seed):
            raise BadSeed(N_("I do not say that here. Try a seed with other words."))

    def _has_letters(self, found: str) -> bool:
        return any(map(str.isalpha, found)) or found in self._numbers


@functools.lru_cache(maxsize=_MAX_KEPT)
def rules_for(level: ContentLevel, words: tuple[str, ...] = ()) -> ContentRules:
    """`words` are those of the server, plain words as `own_words` gives them."""
    return ContentRules(level, words)


@functools.cache
def _listed(level: ContentLevel) -> tuple[re.Pattern[str], ...]:
    """Of the words that everybody gets; a quarter of a second for each level."""
    lists = word_lists()
    words = [
        *lists.never,
        *(lists.explicit if level < ContentLevel.EXPLICIT else ()),
        *(lists.mild if level < ContentLevel.CLEAN else ()),
    ]
    bare = {word.strip("*") for word in words}
    broken = [word for word in lists.broken if word.strip("*") in bare]
    return compile_words(words, broken, letters().signs)


@functools.cache
def _innocent() -> re.Pattern[str]:
    words = sorted(word_lists().innocent, key=len, reverse=True)
    spelled = (re.escape(word).replace(r"\ ", "[^a-z0-9]{0,3}") for word in words)
    return re.compile("|".join(spelled))


def _bullets(word: str) -> str:
    return word[0] + "•" * (len(word) - 1) if len(word) > 1 else "•"


def _whole(folded: str, span: tuple[int, int]) -> tuple[int, int]:
    """With the letters of the same word that stand before: what was found may have begun inside."""
    start, end = span
    while "a" <= folded[start] <= "z" and start and "a" <= folded[start - 1] <= "z":
        start -= 1
    return start, end


def _lies_in(span: tuple[int, int], innocent: list[tuple[int, int]]) -> bool:
    """A match that begins or ends inside an innocent word was read across its edge."""
    first, last = span[0], span[1] - 1
    return any(start <= first < end or start <= last < end for start, end in innocent)


def _merged(spans: set[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged

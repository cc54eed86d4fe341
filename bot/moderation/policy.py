"""What may be shown where: slurs nowhere, explicit words only where a server has allowed them."""

import re
from enum import IntEnum

from bot.errors import BadSeed
from bot.locale import N_

# Kept short on purpose: words that old verse does not use for cats, birds, sticks or cracks in a
# wall. A list is a floor, not a judge.
_SLURS = (
    r"n+i+g{2,}(?:e+r+|a+h?)[sz]?", r"k+i+k+e+s?", r"f+a+g{2,}o+t+s?", r"t+r+a+n{2,}(?:y|ies)",
    r"wetbacks?", r"darkies",
)  # fmt: skip
_EXPLICIT = (
    r"(?:mother)?f+u+c+k+\w*", r"cunts?", r"cocks?uck\w*", r"dickheads?", r"blowjobs?",
    r"cumshots?", r"jizz", r"titties", r"porn\w*", r"sluts?",
)  # fmt: skip
_EXPLICIT_CHINESE = ("操你", "肏", "鸡巴", "婊子", "傻屄", "屄", "淫荡")


class ContentLevel(IntEnum):
    """How far a channel goes. Slurs are outside both."""

    CLEAN = 0
    EXPLICIT = 1


def _words(*patterns: str) -> str:
    return rf"\b(?:{'|'.join(patterns)})\b"


_FORBIDDEN = {
    ContentLevel.EXPLICIT: re.compile(_words(*_SLURS), re.IGNORECASE),
    ContentLevel.CLEAN: re.compile(
        "|".join((_words(*_SLURS, *_EXPLICIT), *_EXPLICIT_CHINESE)), re.IGNORECASE
    ),
}


def content_level(*, allow_explicit: bool, is_age_restricted: bool) -> ContentLevel:
    """Explicit words need both the server's leave and a channel that Discord keeps from minors."""
    is_open = allow_explicit and is_age_restricted
    return ContentLevel.EXPLICIT if is_open else ContentLevel.CLEAN


def check_seed(seed: str, level: ContentLevel) -> None:
    """Raises BadSeed where a verse could not be shown opening with these words."""
    if _FORBIDDEN[level].search(seed):
        raise BadSeed(N_("I do not say that here. Try a seed with other words."))


def mask(text: str, level: ContentLevel) -> str:
    """`text` with each forbidden word cut down to its first letter and bullets."""
    return _FORBIDDEN[level].sub(_bullets, text)


def _bullets(match: re.Match[str]) -> str:
    word = match.group()
    return word[0] + "•" * (len(word) - 1)

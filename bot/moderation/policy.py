"""How far a channel goes, by the server's setting and by what Discord says of the channel."""

from enum import IntEnum


class ContentLevel(IntEnum):
    """What is said at one is said at those above it. Slurs are outside all."""

    STRICT = 0  # no mild swearing, no words of sex, drugs or violence
    CLEAN = 1  # no explicit words
    EXPLICIT = 2


def content_level(setting: str, *, is_age_restricted: bool) -> ContentLevel:
    """`setting` is "strict", "default" or "unfiltered".

    Explicit words need both the server's leave and a channel that Discord keeps from minors.
    """
    if setting == "strict":
        return ContentLevel.STRICT
    is_open = setting == "unfiltered" and is_age_restricted
    return ContentLevel.EXPLICIT if is_open else ContentLevel.CLEAN

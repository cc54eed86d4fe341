"""Keeps secrets out of what is written down."""

import re
from collections.abc import Iterable

_HIDDEN = "[secret]"
_SHORTEST = 4  # a shorter one would black out ordinary words
# A bot token: three parts, the first of them the bot's number in base 64.
_BOT_TOKEN = re.compile(r"\b[\w-]{23,30}\.[\w-]{6,7}\.[\w-]{27,}")
# The token in an address with which anybody may answer in the bot's name for 15 minutes.
_ADDRESS_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d+/)[\w-]{20,}")


class Redactor:
    """Replaces known secrets, and whatever looks like a token of Discord's."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = (each for each in secrets if len(each) >= _SHORTEST)
        longest_first = sorted(known, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def __call__(self, text: str) -> str:
        text = self._known.sub(_HIDDEN, text)
        text = _BOT_TOKEN.sub(_HIDDEN, text)
        return _ADDRESS_TOKEN.sub(rf"\1{_HIDDEN}", text)

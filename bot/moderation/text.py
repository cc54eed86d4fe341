"""Text from members and models as data: one form for seeds, no markdown or mention in display."""

import re
import unicodedata

from bot.errors import BadSeed
from bot.locale import N_

ZERO_WIDTH_SPACE = "\u200b"

# Cf: zero-width and bidirectional characters; Cc: controls; Cs, Co and Cn show as boxes.
_UNSEEN = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})
# Fillers that Unicode calls letters or symbols, and that nobody sees.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")

_JOINERS = frozenset("\u200c\u200d")
_EMOJI_STYLE = "\ufe0f"
_VIRAMA = 9  # the canonical combining class of the sign that binds Indic consonants

_INLINE = re.compile(r"([\\*_~`|<\[\]])")
_LINE_START = re.compile(r"^(\s*)([#>+-])", re.MULTILINE)
_LIST_NUMBER = re.compile(r"^(\s*\d+)([.)])(?=\s)", re.MULTILINE)
_INVITE = re.compile(r"(discord(?:app)?)\.(?=gg|com|me|io)", re.IGNORECASE)


def normalise_seed(text: str, max_characters: int) -> str:
    """NFC, on one line, without characters that nobody sees. Raises BadSeed with what to do."""
    seed = plain(text)
    if not seed:
        raise BadSeed(
            N_("Your seed has nothing in it that I can see. Give me a word, like seed:slim.")
        )
    if len(seed) > max_characters:
        raise BadSeed(
            N_(
                "Your seed has {count:,} characters, and I take up to {limit}."
                " Give me its first few words."
            ),
            count=len(seed),
            limit=max_characters,
        )
    return seed


def plain(text: str) -> str:
    """`text` on one line, in NFC, single-spaced, without unseen characters; may be empty."""
    seen = "".join(_seen(text, position) for position in range(len(text)))
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def _seen(text: str, position: int) -> str:
    character = text[position]
    if character.isspace():
        return " "
    if character in _JOINERS and _joins(text[position - 1 : position], text[position + 1 :][:1]):
        return character
    unseen = unicodedata.category(character) in _UNSEEN or character in _BLANKS
    return "" if unseen else character


def _joins(before: str, after: str) -> bool:
    """Whether a joiner here shapes what is seen: Arabic letters, Indic clusters, joined emoji."""
    if not before or not after:
        return False
    if unicodedata.combining(before) == _VIRAMA:
        return True
    if unicodedata.category(after) == "So":
        return unicodedata.category(before) in {"So", "Sk"} or before == _EMOJI_STYLE
    return unicodedata.bidirectional(before) == unicodedata.bidirectional(after) == "AL"


def neutralise(text: str) -> str:
    """`text` as Discord shows it letter by letter: no markdown, mention, timestamp or link is left.

    Line ends stay. The result is for display; what is stored is the text itself.
    """
    escaped = _INLINE.sub(r"\\\1", text)
    escaped = _LINE_START.sub(r"\1\\\2", escaped)
    escaped = _LIST_NUMBER.sub(r"\1\\\2", escaped)
    escaped = escaped.replace("@", f"@{ZERO_WIDTH_SPACE}")
    escaped = escaped.replace("://", f":{ZERO_WIDTH_SPACE}//")
    return _INVITE.sub(rf"\1.{ZERO_WIDTH_SPACE}", escaped)

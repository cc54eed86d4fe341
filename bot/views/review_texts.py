"""What reviewers and submitters read of doubts, reasons and languages."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.locale import N_, Translator
from bot.moderation import neutralise, plain
from bot.submissions import Flag, FlagKind

OTHER = "other"

# As they are stored, so that each reads them in their own language. Any other reason was typed.
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "not_lyrics": N_("These are not lyrics"),
        "duplicate": N_("This is here already"),
        "not_allowed": N_("This is not allowed here"),
        "poor_quality": N_("Too many mistakes in it"),
        "wrong_artist": N_("This is not by that artist"),
    }
)
_DOUBTS: Mapping[FlagKind, str] = MappingProxyType(
    {
        "blocked_words": N_("words that are not said here"),
        "markup": N_("markup, or signs that are no verse"),
        "odd_words": N_("letters that hardly make words"),
        "repeated_line": N_("one line again and again"),
        "long_lines": N_("lines as long as in prose"),
        "mixed_languages": N_("several languages"),
        "unsure_language": N_("no language that I am sure of"),
        "unknown_language": N_("a language that I have hardly read"),
    }
)
_NUM_LINES_NAMED = 8


def reason_text(reason: str | None, _: Translator) -> str | None:
    """A ready reason in the reader's language, any other one as it was typed."""
    if not reason:
        return None
    return _(REASONS[reason]) if reason in REASONS else neutralise(plain(reason))


def doubt_text(flag: Flag, _: Translator) -> str:
    doubt = _(_DOUBTS[flag.kind])
    if not flag.lines:
        return doubt
    named = ", ".join(map(str, flag.lines[:_NUM_LINES_NAMED]))
    if len(flag.lines) > _NUM_LINES_NAMED:
        named += ", …"
    return _("{doubt} (line {lines})").format(doubt=doubt, lines=named)

"""What reviewers and submitters read of doubts, reasons and languages."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from bot.locale import N_, Translator
from bot.moderation import neutralise, plain
from bot.store import LessonKind
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
        "not_music": N_("This is not a piece of music"),
        "wrong_style": N_("This is not in that style"),
    }
)
_ONLY_FOR: Mapping[str, LessonKind] = MappingProxyType(
    {
        "not_lyrics": "lyrics",
        "wrong_artist": "lyrics",
        "not_music": "beats",
        "wrong_style": "beats",
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
        "repeated_bar": N_("one bar again and again"),
        "crowded": N_("many keys at once"),
        "sparse": N_("mostly silence"),
        "odd_bars": N_("bars that are not of two, three or four beats"),
    }
)
_OF_BARS: frozenset[FlagKind] = frozenset({"repeated_bar", "crowded"})
_NUM_LINES_NAMED = 8


def ready_reasons(kinds: Collection[LessonKind], _: Translator) -> dict[str, str]:
    """Those that fit everything of these kinds, in the reader's language, by their names."""
    return {
        key: _(reason)
        for key, reason in REASONS.items()
        if key not in _ONLY_FOR or set(kinds) == {_ONLY_FOR[key]}
    }


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
    where = _("{doubt} (bar {lines})") if flag.kind in _OF_BARS else _("{doubt} (line {lines})")
    return where.format(doubt=doubt, lines=named)

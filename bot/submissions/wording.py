"""Words that the bot does not say: some keep lyrics out, others are shown to the reviewer."""

from bot.errors import BadLyrics
from bot.locale import N_
from bot.moderation import ContentLevel, ContentRules, content_level, rules_for
from bot.store import GuildSettings
from bot.submissions.findings import Flag


def check_names(artist: str, title: str, settings: GuildSettings) -> None:
    """Both stand in lists and on cards, also a style in the artist's place. Raises BadLyrics."""
    rules = _rules(settings)
    if not (rules.allows(artist) and rules.allows(title)):
        raise BadLyrics(N_("I do not say that name or title here. Type another one."))


def check_words(text: str, settings: GuildSettings) -> tuple[Flag, ...]:
    """Raises BadLyrics for what is said in no server."""
    nowhere = rules_for(ContentLevel.EXPLICIT).flagged_lines(text)
    if nowhere:
        raise BadLyrics(
            N_("Line {line} has words that I never learn, such as slurs. Take them out."),
            line=nowhere[0] + 1,
        )
    lines = tuple(number + 1 for number in _rules(settings).flagged_lines(text))
    return (Flag(kind="blocked_words", lines=lines),) if lines else ()


def _rules(settings: GuildSettings) -> ContentRules:
    """Of the server's most open channel: where it is learned from, no channel is known."""
    level = content_level(settings.content, is_age_restricted=True)
    return rules_for(level, settings.blocked_words)

"""What may be said in a channel."""

from typing import Any

from bot.moderation import ContentRules, content_level, rules_for
from bot.store import GuildSettings


def rules_in(channel: Any, settings: GuildSettings) -> ContentRules:
    """Nothing explicit where the channel is unknown, or of a kind that is never age-restricted."""
    is_nsfw = getattr(channel, "is_nsfw", None)
    level = content_level(settings.content, is_age_restricted=bool(is_nsfw and is_nsfw()))
    return rules_for(level, settings.blocked_words)

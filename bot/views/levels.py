"""How far a channel goes in its words."""

from typing import Any

from bot.moderation import ContentLevel, content_level
from bot.store import GuildSettings


def level_in(channel: Any, settings: GuildSettings) -> ContentLevel:
    """Clean where the channel is unknown, or of a kind that cannot be age-restricted."""
    is_nsfw = getattr(channel, "is_nsfw", None)
    return content_level(
        allow_explicit=settings.content == "unfiltered",
        is_age_restricted=bool(is_nsfw and is_nsfw()),
    )

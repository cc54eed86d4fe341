"""What members type and what the model writes, made safe to show."""

from bot.moderation.policy import ContentLevel, content_level
from bot.moderation.rules import Blocked, ContentRules, rules_for
from bot.moderation.text import neutralise, normalise_seed, plain

__all__ = [
    "Blocked",
    "ContentLevel",
    "ContentRules",
    "content_level",
    "neutralise",
    "normalise_seed",
    "plain",
    "rules_for",
]

"""What members type and what the model writes, made safe to show."""

from bot.moderation.policy import ContentLevel, check_seed, content_level, mask
from bot.moderation.text import neutralise, normalise_seed, plain

__all__ = [
    "ContentLevel",
    "check_seed",
    "content_level",
    "mask",
    "neutralise",
    "normalise_seed",
    "plain",
]

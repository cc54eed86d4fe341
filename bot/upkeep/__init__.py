"""What the bot does for itself once a day."""

from bot.upkeep.retention import Retention

__all__ = ["Retention"]

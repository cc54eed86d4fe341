"""What people type: one cog per file, each thin, and the bot that carries them."""

from bot.commands.client import CypherBot, make_bot

__all__ = ["CypherBot", "make_bot"]

"""The bot on a simulated Discord: as a page on this machine, or for one command."""

from bot.local.conversation import Speaker, say
from bot.local.page import serve
from bot.local.world import World, simulated_discord

__all__ = ["Speaker", "World", "say", "serve", "simulated_discord"]

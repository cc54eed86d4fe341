"""The one handler for everything that goes wrong in a command."""

from typing import Any

import discord
from discord import app_commands

from bot.errors import CypherError
from bot.views.mistakes import reply_to_mistake


async def handle(
    interaction: discord.Interaction[Any], error: app_commands.AppCommandError
) -> None:
    """Every reply is ephemeral, after a public "thinking…" too. The order, first match wins:

    1. the interaction or its message is gone: noted in the log, nobody is left to answer;
    2. a check of discord.py's failed: only admins may do that;
    3. a member's mistake (UserError): its own sentence, in the member's language where we have it;
    4. the bot lacks a permission in the channel: the member is told whom to ask;
    5. the command changed since the client learned it: discord.py's signature mismatch, as 6;
    6. anything else: logged with a reference, and the member is given that reference.
    """
    await reply_to_mistake(interaction, _cause(error))


def _cause(error: app_commands.AppCommandError) -> Exception:
    """What the command itself raised."""
    if isinstance(error, app_commands.CommandInvokeError):
        return error.original
    if isinstance(error, app_commands.TransformerError) and isinstance(
        error.__cause__, CypherError
    ):
        return error.__cause__
    return error

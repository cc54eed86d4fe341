"""What a member reads when something is not to be: one clear sentence, to them alone."""

import io
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands

from bot.errors import NotAllowed, UserError
from bot.moderation import neutralise
from bot.views.private import send_privately
from bot.views.texts import sentence, texts_for

logger = logging.getLogger(__name__)

# Under this name an interaction's `extras` keep what the member was told.
MISTAKE = "mistake"

# Discord's codes for a message, an interaction or a token that is gone: nobody is left to answer.
_GONE = frozenset({10008, 10062, 50027})


async def answering_mistakes(
    interaction: discord.Interaction,
    act: Callable[[discord.Interaction], Awaitable[None]],
    *,
    typed: str = "",
) -> None:
    """Runs what a press or a form asks for; discord.py itself would only log its exceptions.

    A form that was sent is gone, so what was `typed` there is given back with the sentence.
    """
    try:
        await act(interaction)
    except Exception as error:  # noqa: BLE001 - whatever it is, the member gets an answer
        await reply_to_mistake(interaction, error, typed)


async def reply_to_mistake(
    interaction: discord.Interaction, error: Exception, typed: str = ""
) -> None:
    """In this order: nobody there, a member's mistake, a missing permission, our own fault."""
    if isinstance(error, discord.HTTPException) and error.code in _GONE:
        logger.info("Interaction %s ended before its answer: %s", interaction.id, error)
        return
    said = _explain(interaction, error)
    interaction.extras[MISTAKE] = said
    message: dict[str, Any] = {"content": said}
    if typed:
        message["content"] += f"\n{texts_for(interaction.locale).words_given_back}"
        message["file"] = discord.File(io.BytesIO(typed.encode()), "your-words.txt")
    try:
        await send_privately(interaction, **message)
    except discord.HTTPException as failed:
        logger.warning("Interaction %s could not be answered: %s", interaction.id, failed)


def _explain(interaction: discord.Interaction, error: Exception) -> str:
    texts = texts_for(interaction.locale)
    if isinstance(error, app_commands.CheckFailure):
        error = NotAllowed()
    if isinstance(error, UserError):
        return neutralise(sentence(error, interaction.locale))
    if isinstance(error, discord.Forbidden):
        logger.warning("A permission is missing in channel %s: %s", interaction.channel_id, error)
        return texts.missing_permission
    reference = f"{interaction.id % 16**8:08x}"
    logger.error("Interaction failed, reference %s", reference, exc_info=error)
    return texts.unexpected.format(reference=reference)

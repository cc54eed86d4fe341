"""What a member reads when something is not to be: one clear sentence, to them alone."""

import io
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands

from bot.errors import NotAllowed, UserError
from bot.locale import N_
from bot.moderation import neutralise
from bot.views.admission import admit
from bot.views.cooldowns import forgive
from bot.views.language import translator_for
from bot.views.pending import is_kept
from bot.views.private import send_privately
from bot.views.tally import tally

logger = logging.getLogger(__name__)

# Under this name an interaction's `extras` keep what the member was told.
MISTAKE = "mistake"

UNEXPECTED = N_(
    "Something went wrong on my side, and I have noted it as {reference}. Try"
    " again; if it stays, tell an admin this number."
)

# Discord's codes for a message, a webhook, an interaction or a token that is gone: nobody is left
# to answer.
_GONE = frozenset({10008, 10015, 10062, 50027})


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
        await admit(interaction)
        await act(interaction)
    except Exception as error:  # noqa: BLE001 - whatever it is, the member gets an answer
        await reply_to_mistake(interaction, error, typed)
    else:
        tally_answer(interaction)


async def reply_to_mistake(
    interaction: discord.Interaction, error: Exception, typed: str = ""
) -> None:
    """In this order: nobody there, to be answered after a restart, a member's mistake, a missing
    permission, our own fault.
    """
    await _reply(interaction, error, typed)
    is_theirs = isinstance(error, UserError | app_commands.CheckFailure)
    tally(interaction, "refused" if is_theirs else "failed")


def tally_answer(interaction: discord.Interaction) -> None:
    """Of what ended without an error; the answer may have been that it is not to be."""
    tally(interaction, "refused" if MISTAKE in interaction.extras else "answered")


async def _reply(interaction: discord.Interaction, error: Exception, typed: str) -> None:
    if isinstance(error, discord.HTTPException) and error.code in _GONE:
        logger.info("Interaction %s ended before its answer: %s", interaction.id, error)
        return
    if is_kept(interaction, error):
        logger.info("Interaction %s is answered after the next start", interaction.id)
        return
    said = _explain(interaction, error)
    interaction.extras[MISTAKE] = said
    forgive(interaction)
    message: dict[str, Any] = {"content": said}
    if typed:
        _ = translator_for(interaction)
        note = _(
            "Here is what you typed, so that it is not lost. Mend it, and /submit takes it"
            " as a file too."
        )
        message["content"] += f"\n{note}"
        message["file"] = discord.File(io.BytesIO(typed.encode()), "your-words.txt")
    try:
        await send_privately(interaction, **message)
    except discord.HTTPException as failed:
        logger.warning("Interaction %s could not be answered: %s", interaction.id, failed)


def _explain(interaction: discord.Interaction, error: Exception) -> str:
    _ = translator_for(interaction)
    if isinstance(error, app_commands.CheckFailure):
        error = NotAllowed()
    if isinstance(error, UserError):
        return neutralise(_.say(error.sentence))
    if isinstance(error, discord.Forbidden):
        logger.warning("A permission is missing in channel %s: %s", interaction.channel_id, error)
        return _(
            "I lack a permission in this channel. Ask an admin to let me send messages and"
            " embeds here."
        )
    reference = f"{interaction.id % 16**8:08x}"
    logger.error("Interaction failed, reference %s", reference, exc_info=error)
    return _(UNEXPECTED).format(reference=reference)

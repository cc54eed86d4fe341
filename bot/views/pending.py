"""Keeps what members have asked for on the disk until it is answered.

At whichever instant a bot is killed, the next one knows what to do:

- before Discord was told that we are at it: nothing; Discord itself tells the member;
- after that, without a verse in the store: the request is made again, as it came;
- with the verse in the store: it is shown, with the votes that it has by now. That may be the same
  card once more, in the same message, so nobody is answered twice;
- when the token has expired: the channel reads an apology.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any, cast

import discord

from bot.errors import DatabaseError, Restarting
from bot.store import PendingRequest, Store
from bot.store.types import utc_now
from bot.views.private import is_thinking

logger = logging.getLogger(__name__)

TOKEN_LIVES = timedelta(minutes=14, seconds=30)  # 15 minutes, as Discord counts them
_REMEMBERED = timedelta(hours=1)  # later, nobody waits for an apology either
_SECONDS_BETWEEN_FLUSHES = 1.0
_SECONDS_BETWEEN_SWEEPS = 60.0
_KEPT = "is_kept"


class Pending:
    """Its `running` block must be entered before the bot starts, as that of Background."""

    def __init__(self, store: Store) -> None:
        self._store = store.pending
        self._news = asyncio.Event()
        self._left: list[PendingRequest] = []  # by the process before this one
        self._is_standing_back = False
        self._is_closing = False

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Pending"]:
        self._left = await self._store.all()
        tasks = [
            asyncio.create_task(self._keep_writing(), name="pending requests"),
            asyncio.create_task(self._keep_sweeping(), name="expired requests"),
        ]
        try:
            yield self
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._flush()

    @contextlib.contextmanager
    def hold(self, interaction: discord.Interaction) -> Iterator[None]:
        """From the acceptance of a request to its answer; what a closing bot breaks off is kept."""
        if not interaction.response.is_done():  # else it was taken up after a restart
            self._store.note(_request_of(interaction))
            self._news.set()
        try:
            yield
        except asyncio.CancelledError:
            raise
        except BaseException:
            if self._is_closing:
                interaction.extras[_KEPT] = True
            else:
                self._store.note_answer(interaction.id)
            raise
        self._store.note_answer(interaction.id)

    def answered(self, interaction_id: int) -> None:
        """In whatever way."""
        self._store.note_answer(interaction_id)

    def stand_back(self) -> None:
        """Leaves everything to the next process: this one is not there for long."""
        self._is_standing_back = True

    def close(self) -> None:
        """From now on what fails is kept: it fails because the bot ends."""
        self._is_closing = True

    def reopen(self) -> None:
        self._is_closing = False

    def take_left(self, application_id: int | None) -> list[PendingRequest]:
        """What a process before this one left to this application, once."""
        if self._is_standing_back:
            return []
        taken = [each for each in self._left if each.application_id == application_id]
        self._left = [each for each in self._left if each.application_id != application_id]
        return [each for each in taken if each.expires_at + _REMEMBERED > utc_now()]

    async def _keep_writing(self) -> None:
        """At once for what is new, and what is answered goes with it, or a little later."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_SECONDS_BETWEEN_FLUSHES):
                    await self._news.wait()
            self._news.clear()
            await self._flush()

    async def _keep_sweeping(self) -> None:
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_SWEEPS)
            try:
                await self._store.sweep(utc_now())
            except DatabaseError:
                logger.exception("Expired requests could not be removed")

    async def _flush(self) -> None:
        try:
            await self._store.flush()
        except DatabaseError:
            logger.exception("Requests without an answer could not be noted")


def is_kept(interaction: discord.Interaction, error: Exception) -> bool:
    """Whether the next start answers it: what a closing bot broke off, or would not take up."""
    is_refused = isinstance(error, Restarting) and is_thinking(interaction)
    return is_refused or bool(interaction.extras.get(_KEPT))


def _request_of(interaction: discord.Interaction) -> PendingRequest:
    return PendingRequest(
        interaction_id=interaction.id,
        application_id=interaction.application_id,
        token=interaction.token,
        guild_id=interaction.guild_id,
        channel_id=interaction.channel_id,
        user_id=interaction.user.id,
        locale=str(interaction.locale),
        request=_payload_of(interaction),
        expires_at=utc_now() + TOKEN_LIVES,
    )


def _payload_of(interaction: discord.Interaction) -> dict[str, Any]:
    """What of Discord's own event is needed to take the request up again."""
    payload: dict[str, Any] = {
        "type": interaction.type.value,
        "data": cast("dict[str, Any]", interaction.data),
        "name": interaction.user.display_name,
        "permissions": str(interaction.permissions.value),
    }
    if interaction.message is not None:
        payload["message"] = {
            "id": str(interaction.message.id),
            "embeds": [each.to_dict() for each in interaction.message.embeds],
        }
    return payload

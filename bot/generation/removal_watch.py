"""Keeps generation in step with the artists who were removed, here or by the operator."""

import asyncio
import logging
from types import TracebackType
from typing import Self

from bot.generation.removed import RemovedArtists
from bot.generation.service import GenerationService
from bot.store import Store

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 60.0  # `python -m bot artists` writes to the database past the bot


class RemovalWatch:
    """An async context manager; entered before the bot, so that nobody is served too early."""

    def __init__(self, store: Store, generation: GenerationService) -> None:
        self._store = store
        self._generation = generation
        self._watching: asyncio.Task[None] | None = None

    async def refresh(self) -> None:
        """From now on exactly those are hidden whom the database names."""
        removals = await self._store.removals.all()
        removed = RemovedArtists.of((each.name, each.guild_id) for each in removals)
        if removed != self._generation.removed:
            self._generation.remove_artists(removed)

    async def __aenter__(self) -> Self:
        await self.refresh()
        self._watching = asyncio.create_task(self._watch(), name="removals")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            try:
                await self.refresh()
            except Exception:
                logger.exception("removed artists could not be looked up")

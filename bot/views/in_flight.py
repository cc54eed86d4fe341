"""Counts the verses that members are waiting for, so that a closing bot can finish them."""

import asyncio
import contextlib

from bot.errors import Restarting


class InFlight:
    """A context manager around each piece of work, for one event loop; raises Restarting."""

    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.is_closed = False

    def close(self) -> None:
        """From now on nothing new is begun."""
        self.is_closed = True

    def reopen(self) -> None:
        self.is_closed = False

    def __enter__(self) -> None:
        if self.is_closed:
            raise Restarting
        self._count += 1
        self._idle.clear()

    def __exit__(self, *_: object) -> None:
        self._count -= 1
        if self._count == 0:
            self._idle.set()

    async def drained(self, timeout_s: float) -> bool:
        """Waits until nothing is under way; False when that takes longer."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._idle.wait()
        return self._idle.is_set()

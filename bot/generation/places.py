"""How many requests may be on their way through the bot at all."""

import contextlib
from collections.abc import Callable, Iterator

from bot.errors import QueueFull


class Places:
    """At most `most`; who comes when all are kept is told to come again after `retry_after_s`."""

    def __init__(self, most: int, retry_after_s: Callable[[], float]) -> None:
        self._most = most
        self._retry_after_s = retry_after_s
        self.num_kept = 0

    @contextlib.contextmanager
    def keep(self) -> Iterator[None]:
        """Raises QueueFull."""
        if self.num_kept >= self._most:
            raise QueueFull(self._retry_after_s())
        self.num_kept += 1
        try:
            yield
        finally:
            self.num_kept -= 1

"""How late the event loop comes to what is due: a bot that is too busy is late first."""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

TICK_S = 0.02
_MAX_TICKS = 3_000  # a minute of them


class LoopLag:
    """While entered, something is due on the event loop every 20 ms; how late it is, is kept.

    Ticks are due at fixed times, so that a loop which hangs for one second is late fifty times:
    a percentile of them is what whoever comes at any moment meets, not a percentile of wake-ups,
    of which a hanging loop has few. To be used on the event loop alone.
    """

    def __init__(self, note: Callable[[float], None] = lambda _: None) -> None:
        """`note` is told of each tick, by how many seconds it was late."""
        self._tell = note
        self._late_ms: deque[float] = deque(maxlen=_MAX_TICKS)
        self._due = 0.0
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._due = loop.time() + TICK_S
        self._timer = loop.call_at(self._due, self._tick, loop)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def take(self) -> list[float]:
        """By how many ms each tick was late since this was last called, the oldest first.

        It ends with the tick that was due last; of more than a minute, the last minute.
        """
        self._note(asyncio.get_running_loop().time())
        taken = [*self._late_ms]
        self._late_ms.clear()
        return taken

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        self._note(loop.time())
        self._timer = loop.call_at(self._due, self._tick, loop)

    def _note(self, now: float) -> None:
        self._due = max(self._due, now - _MAX_TICKS * TICK_S)  # after a process that was stopped
        while self._due <= now:
            self._tell(now - self._due)
            self._late_ms.append(round((now - self._due) * 1000, 1))
            self._due += TICK_S


def lag_status(late_ms: Sequence[float]) -> dict[str, Any] | None:
    """For the heartbeat; None where nothing was due. `ticks` are all of them, for who measures.

    Percentiles of several beats cannot be put together, and ticks can: with them, and the time of
    the beat, the lag over any stretch of time is known exactly.
    """
    return {**spread(late_ms), "ticks": [*late_ms]} if late_ms else None


def spread(values: Sequence[float]) -> dict[str, float]:
    """p50, p99 and max, each one of the values (nearest rank). There must be one."""
    ordered = sorted(values)
    ranks = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    return {name: ordered[math.ceil(share * len(ordered)) - 1] for name, share in ranks.items()}

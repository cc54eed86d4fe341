"""Training makes way for members: the child is asked to pause while verses are waited for."""

import asyncio
from collections.abc import Callable
from typing import Protocol

_SECONDS_BETWEEN_LOOKS = 0.05
_QUIET_S = 1.0  # without a request, until training goes on


class Pausable(Protocol):
    def pause(self) -> None: ...
    def go_on(self) -> None: ...


async def make_way(child: Pausable, is_wanted: Callable[[], bool]) -> None:
    """Until cancelled. `is_wanted` says whether anybody waits for a verse at this moment.

    At once when somebody comes, but only after a while when nobody is left: between the verses of a
    crowd, training would only slow the next one.
    """
    loop = asyncio.get_running_loop()
    is_paused, wanted_at = False, 0.0
    while True:
        if is_wanted():
            wanted_at = loop.time()
            if not is_paused:
                child.pause()
            is_paused = True
        elif is_paused and loop.time() - wanted_at >= _QUIET_S:
            child.go_on()
            is_paused = False
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

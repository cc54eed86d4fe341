"""The time that a run is measured in: all that passes, or only what is spent on training."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Clock:
    """Calling it gives seconds, validations included, as for somebody who waits for the end."""

    def __call__(self) -> float:
        return time.monotonic()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Around what is not training; here it counts like the rest."""
        yield


class Stopwatch(Clock):
    """The seconds since it was made, without those spent while it was held.

    For what is compared at equal time: a validation serves the report, and what it costs differs
    from network to network.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started_at = clock()
        self.held_s = 0.0

    def __call__(self) -> float:
        return self._clock() - self._started_at - self.held_s

    @contextmanager
    def held(self) -> Iterator[None]:
        """Within, no time is counted."""
        since = self._clock()
        try:
            yield
        finally:
            self.held_s += self._clock() - since

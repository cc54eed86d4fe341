"""A clock that can be held: what is compared at equal time is the time spent on training."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec

P = ParamSpec("P")


class Stopwatch:
    """Calling it gives the seconds since it was made, without those spent while it was held."""

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

    def holding(self, function: Callable[P, None]) -> Callable[P, None]:
        """`function`, while which no time is counted."""

        def held(*args: P.args, **kwargs: P.kwargs) -> None:
            with self.held():
                function(*args, **kwargs)

        return held

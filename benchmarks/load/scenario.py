"""When the members of a crowd ask for their verses."""

import random
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Scenario:
    """`arrivals` in seconds from its begin, in order; each is another member's."""

    name: str
    arrivals: tuple[float, ...]

    @classmethod
    def at_rate(cls, per_second: float, seconds: float, rng: random.Random) -> Self:
        """A Poisson process: the members know nothing of each other."""
        arrivals, when = [], rng.expovariate(per_second)
        while when < seconds:
            arrivals.append(when)
            when += rng.expovariate(per_second)
        return cls("rate", tuple(arrivals))

    @classmethod
    def burst(cls, size: int) -> Self:
        return cls(f"burst-{size}", (0.0,) * size)

"""A crowd that asks on and on: does the bot's memory grow with the verses that it has written?"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.load.crowd import Crowd
from benchmarks.load.figures import Outcome, outcome_of

NUM_ASKING = 32  # at any time: enough to keep the bot busy, and few enough that none is refused
_MARKS = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)


@dataclass
class Endurance:
    """`read_memory` gives the MB that the bot holds; it is read as verses are written.

    Whoever has an answer, or none after `patience_s`, makes room for another member.
    """

    crowd: Crowd
    num_verses: int
    read_memory: Callable[[], float]
    patience_s: float
    began: float = 0.0  # as `ended`, of time.time
    ended: float = 0.0
    memory_mb: dict[int, float] = field(default_factory=dict)  # by the number of verses
    outcomes: Counter[Outcome] = field(default_factory=Counter)

    async def play(self) -> None:
        self.began = time.time()
        self.memory_mb[0] = self.read_memory()
        async with asyncio.TaskGroup() as members:
            for _ in range(min(NUM_ASKING, self.num_verses)):
                members.create_task(self._ask_on())
        self.memory_mb[self.outcomes["verse"]] = self.read_memory()
        self.ended = time.time()

    def report(self) -> dict[str, Any]:
        written = self.outcomes["verse"]
        return {
            "asking": NUM_ASKING,
            "verses": written,
            "refused": self.outcomes["refused"],
            "lost": self.outcomes["lost"],
            "verses_per_s": written / (self.ended - self.began),
            "memory_mb": {str(number): mb for number, mb in sorted(self.memory_mb.items())},
        }

    async def _ask_on(self) -> None:
        """Until all verses are written, or as many requests have come to nothing."""
        while self.outcomes["verse"] < self.num_verses > self.outcomes["lost"]:
            exchange = await self.crowd.ask()
            with contextlib.suppress(TimeoutError):  # lost, and counted so
                async with asyncio.timeout(self.patience_s):
                    await exchange.ended.wait()
            self.outcomes[outcome_of(exchange)] += 1
            if (written := self.outcomes["verse"]) in _MARKS and written not in self.memory_mb:
                self.memory_mb[written] = self.read_memory()

"""Members who ask for verses, each of them once, and what came of it."""

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.load.scenario import Scenario
from bot.telemetry.lag import LoopLag
from tests.wire.rest import Exchange
from tests.wire.wire_discord import WireDiscord

_FIRST_MEMBER = 1_000
_SEEDS = ("slim", "the river", "tonight", "my name", "a candle", "gold", "never again", "listen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A scenario as it was played; its moments are of `time.time`.

    `own_late_ms` is the lag of the event loop on this side, where times are taken.
    """

    name: str
    exchanges: tuple[Exchange, ...]
    began: float
    ended: float
    own_late_ms: list[float]


@dataclass
class Crowd:
    discord: WireDiscord
    artists: Sequence[str]
    _members: Iterator[int] = field(default_factory=lambda: itertools.count(_FIRST_MEMBER))

    async def play(self, scenario: Scenario, patience_s: float) -> Act:
        """Until everybody has an answer, but no longer than so many seconds after the last came."""
        async with LoopLag() as lag:
            began, started = time.time(), time.perf_counter()
            exchanges = []
            for arrival in scenario.arrivals:
                await asyncio.sleep(max(0.0, started + arrival - time.perf_counter()))
                exchanges.append(await self.ask())
            await _answered(exchanges, patience_s)
            return Act(
                name=scenario.name,
                exchanges=tuple(exchanges),
                began=began,
                ended=time.time(),
                own_late_ms=lag.take(),
            )

    async def ask(self) -> Exchange:
        """A member who has not asked before types /rap."""
        member = next(self._members)
        seed, artist = _SEEDS[member % len(_SEEDS)], self.artists[member % len(self.artists)]
        return await self.discord.slash(member, "rap", seed=seed, artist=artist)


async def _answered(exchanges: Sequence[Exchange], patience_s: float) -> None:
    waiting = [asyncio.ensure_future(each.ended.wait()) for each in exchanges]
    if waiting:
        _, late = await asyncio.wait(waiting, timeout=patience_s)
        for each in late:
            each.cancel()

"""One round: start the bot, let it work, kill it, start it again, and hold it to its word."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.crash.aims import Aim
from benchmarks.crash.audit import audit
from benchmarks.crash.forked import forked_bot
from benchmarks.crash.ledger import Ledger
from benchmarks.crash.processes import kill_hard, wait_until_gone
from benchmarks.crash.settings import drill_config, lenient_judge
from tests.wire.forked_process import ForkedProcess

_PATIENCE_S = 180.0  # for the moment that is aimed at
_ORPHAN_S = 60.0  # for what the bot had started to end after it; a busy machine lets it wait
_LAST_WORDS_S = 1.0  # what it had started may hold its standard output open


class DrillError(Exception):
    """The drill itself went wrong, so that nothing can be said of the bot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    aim: str
    acknowledged: dict[str, int]
    num_on_the_way: int  # acts that were begun and not answered
    num_children: int  # processes that the bot had started, alive at the kill
    restart_s: float  # until a new bot had rapped
    losses: list[str]


@dataclass(slots=True)
class Drill:
    """Rounds over one data folder: what was acknowledged in one must outlive all that follow."""

    data: Path
    checkpoint: Path
    ledger: Ledger = field(default_factory=Ledger)
    _num_rounds: int = 0

    async def round(self, aim: Aim) -> Round:
        """Raises DrillError when the bot ends by itself, or the moment does not come."""
        self._num_rounds += 1
        before = self.ledger.num_acknowledged.copy()
        async with self._running_bot(aim) as bot:
            await self._until_moment(bot, aim)
            children = kill_hard(bot.pid)
            await self._hear_last_words(bot)
        acknowledged = self.ledger.num_acknowledged - before
        num_on_the_way = self.ledger.num_on_the_way
        watching = asyncio.create_task(wait_until_gone(children, _ORPHAN_S))
        with lenient_judge():  # the next bot settles what this one has left
            found = await audit(drill_config(self.data, self.checkpoint), self.ledger)
        orphans = [f"process {each.pid} goes on: {each.command}" for each in await watching]
        return Round(
            aim=aim.name,
            acknowledged=dict(acknowledged),
            num_on_the_way=num_on_the_way,
            num_children=len(children),
            restart_s=found.restart_s,
            losses=found.losses + orphans,
        )

    @asynccontextmanager
    async def _running_bot(self, aim: Aim) -> AsyncIterator[ForkedProcess]:
        arguments = [self.data, self.checkpoint, str(self._num_rounds)]
        arguments += ["--retrain"] if aim.is_learning else []
        arguments += ["--rap"] if aim.does_rap else []
        arguments += ["--pause", aim.pause] if aim.pause else []
        bot = forked_bot([str(each) for each in arguments], self.data.parent / "bot.err")
        await bot.listen()
        try:
            yield bot
        finally:
            await bot.end()

    async def _until_moment(self, bot: ForkedProcess, aim: Aim) -> None:
        """Then goes on listening for the time that the aim asks for."""
        num_seen = 0
        try:
            async with asyncio.timeout(_PATIENCE_S):
                while num_seen < aim.occurrence:
                    report = await self._hear(bot)
                    num_seen += report["event"] == aim.event
        except TimeoutError:
            raise DrillError(f"The moment of the round {aim.name!r} did not come.") from None
        try:
            async with asyncio.timeout(aim.delay_s):
                while True:
                    await self._hear(bot)
        except TimeoutError:
            return

    async def _hear_last_words(self, bot: ForkedProcess) -> None:
        try:
            async with asyncio.timeout(_LAST_WORDS_S):
                while await self._hear(bot, is_dead=True):
                    pass
        except TimeoutError:
            return

    async def _hear(self, bot: ForkedProcess, *, is_dead: bool = False) -> dict[str, Any]:
        """The next report, noted in the ledger; of a dead bot, nothing when there is no more."""
        line = await bot.stdout.readline()
        if not line.endswith(b"\n"):
            if is_dead:
                return {}
            said = (self.data.parent / "bot.err").read_text(errors="replace")
            raise DrillError(f"The bot ended by itself.\n{said[-2000:]}")
        report: dict[str, Any] = json.loads(line)
        self.ledger.note(report)
        return report

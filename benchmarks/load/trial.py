"""The bot and its small Discord, started together, and scenarios played one after another."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.load.crowd import Act, Crowd
from benchmarks.load.endurance import Endurance
from benchmarks.load.errors import LoadError
from benchmarks.load.figures import figures, spread_of
from benchmarks.load.finetune import Finetune, import_songs
from benchmarks.load.scenario import Scenario
from benchmarks.load.vitals import Heartbeats, errors_in, resident_mb
from tests.wire.bot_process import BotProcess, bot_process
from tests.wire.wire_discord import WireDiscord, wire_discord

_START_S = 120.0
_STOP_S = 120.0
_REST_S = 1.0  # before a scenario: the bot notes down which messages show the last verses
_LAST_WORDS = 2000
_NEVER = 100_000  # so many new lyrics that the schedule starts no run by itself

Result = TypeVar("Result")
Played = tuple[Act, tuple[float, float]]  # with the memory before and after


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """`artists` are those of the checkpoint; `tell` gets a sentence now and then.

    With `num_verses` the bot is kept busy at the end until it has written so many.
    """

    checkpoint: Path
    artists: Sequence[str]
    scenarios: Sequence[Scenario]
    patience_s: float
    num_verses: int
    with_finetune: bool
    tell: Callable[[str], None]

    async def perform(self, folder: Path) -> dict[str, Any]:
        """The report, in an empty folder. Raises LoadError when the bot does not live through."""
        settings, data = self._settings(folder), folder / "data"
        if self.with_finetune:
            (folder / "songs").mkdir()
            await import_songs(folder / "songs", settings, data)
        async with (
            wire_discord(folder) as discord,
            bot_process(discord.environment, settings, data) as bot,
        ):
            report = await _while_alive(bot, self._measure(discord, bot, Heartbeats(data)))
            await bot.stop(within_s=_STOP_S)
            return report | {"bot_errors": errors_in(bot.output)}

    async def _measure(
        self, discord: WireDiscord, bot: BotProcess, heartbeats: Heartbeats
    ) -> dict[str, Any]:
        async with asyncio.timeout(_START_S):
            await discord.gateway.until_opened("identify", within_s=_START_S)
            crowd = Crowd(discord, self.artists)
            await (await crowd.ask()).ended.wait()
        finetune = await Finetune.begin(discord) if self.with_finetune else None
        async with heartbeats.watching():
            played = [await self._play(each, crowd, bot, finetune) for each in self.scenarios]
            endurance = await self._endure(crowd, bot) if self.num_verses else None
            ended = [act.ended for act, _ in played] + ([endurance.ended] if endurance else [])
            await heartbeats.until(max(ended, default=0.0))
        report: dict[str, Any] = {
            "scenarios": {
                act.name: figures(
                    act, late_ms=heartbeats.late_ms(act.began, act.ended), memory_mb=memory_mb
                )
                for act, memory_mb in played
            }
        }
        if endurance is not None:
            late_ms = heartbeats.late_ms(endurance.began, endurance.ended)
            report["endurance"] = endurance.report() | {"loop_lag_ms": spread_of(late_ms)}
        if finetune is not None:
            self.tell("waiting for the fine-tune to end")
            await finetune.until_ended()
            report["finetune"] = finetune.report()
        return report

    async def _play(
        self, scenario: Scenario, crowd: Crowd, bot: BotProcess, finetune: Finetune | None
    ) -> Played:
        self.tell(f"{scenario.name}: {len(scenario.arrivals)} requests")
        await asyncio.sleep(_REST_S)
        before = resident_mb(bot.pid)
        act = await crowd.play(scenario, self.patience_s)
        if finetune is not None and finetune.is_running:
            finetune.alongside.append(scenario.name)
        return act, (before, resident_mb(bot.pid))

    async def _endure(self, crowd: Crowd, bot: BotProcess) -> Endurance:
        self.tell(f"until {self.num_verses:,} verses are written")
        await asyncio.sleep(_REST_S)
        endurance = Endurance(crowd, self.num_verses, lambda: resident_mb(bot.pid), self.patience_s)
        await endurance.play()
        return endurance

    def _settings(self, folder: Path) -> Path:
        """The shipped configuration, with the checkpoint that is asked for."""
        path = folder / "config.toml"
        path.write_text(
            f"[generation]\ncheckpoint = {json.dumps(str(self.checkpoint.resolve()))}\n"
            f"[retraining]\nmin_new_lyrics = {_NEVER}\n",
            encoding="utf-8",
        )
        return path


async def _while_alive(bot: BotProcess, work: Coroutine[Any, Any, Result]) -> Result:
    """What the work gives; a LoadError as soon as the bot's process ends, or does not start."""
    working, dying = asyncio.ensure_future(work), asyncio.ensure_future(bot.process.wait())
    async with _ending(working, dying):
        await asyncio.wait({working, dying}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise LoadError(f"The bot ended by itself.\n{bot.output[-_LAST_WORDS:]}")
        try:
            return working.result()
        except TimeoutError:
            said = bot.output[-_LAST_WORDS:]
            raise LoadError(f"The bot did not get ready, or told nothing more.\n{said}") from None


@contextlib.asynccontextmanager
async def _ending(*tasks: asyncio.Future[Any]) -> AsyncIterator[None]:
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

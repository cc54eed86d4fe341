"""`python -m bot run`, as an operator starts it, with what it says kept."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).parents[2]


class Process(Protocol):
    """What a bot process is asked for, however it was started."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    @property
    def stdout(self) -> asyncio.StreamReader | None: ...
    def send_signal(self, number: int, /) -> None: ...
    def kill(self) -> None: ...
    async def wait(self) -> int: ...


@dataclass(eq=False)
class BotProcess:
    """`told` is all of its output so far."""

    process: Process
    told: list[str] = field(default_factory=list)

    @property
    def output(self) -> str:
        return "".join(self.told)

    @property
    def pid(self) -> int:
        return self.process.pid

    async def stop(self, with_signal: int = signal.SIGTERM, within_s: float = 30) -> int:
        """Its exit code; negative is the signal that ended it."""
        self.process.send_signal(with_signal)
        return await self.ended(within_s)

    async def ended(self, within_s: float = 60) -> int:
        async with asyncio.timeout(within_s):
            return await self.process.wait()

    async def until_told(self, text: str, within_s: float = 60) -> None:
        async with asyncio.timeout(within_s):
            while text not in self.output:
                await asyncio.sleep(0.05)

    async def listen(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.told.append(line.decode())


def without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Without those for the bot, which lead to an operator's own token and database."""
    settings = ("DISCORD_", "CYPHER_")
    return {name: value for name, value in environment.items() if not name.startswith(settings)}


@contextlib.asynccontextmanager
async def bot_process(
    environment: Mapping[str, str], settings: Path, data: Path
) -> AsyncIterator[BotProcess]:
    """Killed at the end, if it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "run", "--config", str(settings), "--data", str(data)),
        cwd=ROOT,
        env={**without_settings(os.environ), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with listening(BotProcess(process)) as bot:
        yield bot


@contextlib.asynccontextmanager
async def listening(bot: BotProcess) -> AsyncIterator[BotProcess]:
    """Keeps what it says; kills it at the end, if it still runs."""
    hearing = asyncio.ensure_future(bot.listen())
    try:
        yield bot
    finally:
        if bot.process.returncode is None:
            bot.process.kill()
        await bot.process.wait()
        await hearing

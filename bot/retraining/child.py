"""The training child as the bot sees it: started apart, listened to, and ended for certain."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import IO, Any, Self

from bot.config.config import PROJECT_FOLDER
from bot.config.environment import without_secrets
from bot.locale import N_, Sentence
from bot.retraining.job import LOG

logger = logging.getLogger(__name__)

Command = Callable[[Path], Sequence[str]]

_SECONDS_TO_END = 5.0


def child_command(folder: Path) -> Sequence[str]:
    return (sys.executable, "-m", "bot.retraining.process", str(folder))


class Child:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, folder: Path, command: Command, num_threads: int) -> Self:
        """In a session of its own: what stops the bot at a terminal must not reach it first."""
        log = await asyncio.to_thread(_open_log, folder)
        with log:
            process = await asyncio.create_subprocess_exec(
                *command(folder),
                stdin=asyncio.subprocess.PIPE,  # closes when the bot dies, and then the child does
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                cwd=PROJECT_FOLDER,
                env=_environment(folder, num_threads),
                start_new_session=True,
            )
        return cls(process)

    async def messages(self) -> AsyncIterator[dict[str, Any]]:
        """What it says, until it ends."""
        if self._process.stdout is None:
            return
        async for line in self._process.stdout:
            try:
                message = json.loads(line)
            except ValueError:
                logger.debug("the training child printed %r", line)
                continue
            if isinstance(message, dict):
                yield message

    def may_run_until(self, moment: float) -> None:
        """By `lease.now`; it ends by itself at that moment. It must hear so once, then in time."""
        self._tell(f"until {moment}")

    def pause(self) -> None:
        """Asks it to leave the machine to others for a while."""
        self._tell("pause")

    def go_on(self) -> None:
        self._tell("go")

    def _tell(self, line: str) -> None:
        if self._process.stdin is not None and self._process.returncode is None:
            with contextlib.suppress(OSError):  # it has just ended, as `wait` will tell
                self._process.stdin.write(f"{line}\n".encode())

    async def wait(self) -> int:
        """Its exit status; the negative number of the signal that killed it."""
        return await self._process.wait()

    async def stop(self) -> None:
        """Asks it to end, and after five seconds ends it. Harmless when it has ended."""
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(_SECONDS_TO_END):
                await self._process.wait()
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await self._process.wait()

    def _signal(self, number: int) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)


def explain_end(status: int, error: Sentence | None) -> Sentence:
    """One sentence on why a child ended without a result."""
    if error is not None:
        reason = error
    elif status == -signal.SIGKILL:
        reason = Sentence(N_("The training process was killed, most likely for want of memory."))
    elif status < 0:
        killed = N_("The training process was killed by signal {number}.")
        reason = Sentence(killed, {"number": -status})
    else:
        ended = N_("The training process ended with status {status} and without a result.")
        reason = Sentence(ended, {"status": status})
    return live_stays(reason)


def live_stays(reason: Sentence) -> Sentence:
    return Sentence(N_("{reason} The live checkpoint stays."), {"reason": reason})


def _open_log(folder: Path) -> IO[bytes]:
    return (folder / LOG).open("wb")


def _environment(folder: Path, num_threads: int) -> dict[str, str]:
    """Ours without secrets."""
    return without_secrets(os.environ) | {
        "OMP_NUM_THREADS": str(num_threads),
        "PYTHONUNBUFFERED": "1",
        "MPLCONFIGDIR": str(folder.parent / ".matplotlib"),
    }

"""The same bot process without its seconds of imports: a server that has done them forks it."""

import asyncio
import contextlib
import multiprocessing
import os
import runpy
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from tests.wire.bot_process import ROOT, BotProcess, listening, without_settings

_CONTEXT = multiprocessing.get_context("forkserver")


class ForkedProcess:
    """As much of asyncio's Process as a bot process is asked for."""

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], after: str
    ) -> None:
        _CONTEXT.set_forkserver_preload(["bot.cli.running", "bot.gateway"])
        self._reading, writing = _CONTEXT.Pipe(duplex=False)
        self._process = _CONTEXT.Process(
            target=_become, args=(arguments, dict(environment), after, writing)
        )
        self._process.start()
        writing.close()
        self.stdout = asyncio.StreamReader()

    async def listen(self) -> None:
        file = os.fdopen(os.dup(self._reading.fileno()), "rb")
        self._reading.close()
        protocol = asyncio.StreamReaderProtocol(self.stdout)
        await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, file)

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()

    async def wait(self) -> int:
        while (code := self.returncode) is None:
            await asyncio.sleep(0.02)
        return code


@contextlib.asynccontextmanager
async def forked_bot(
    environment: Mapping[str, str], settings: Path, data: Path, *, after: str = ""
) -> AsyncIterator[BotProcess]:
    """As `bot_process`, after some Python of a test's own."""
    process = ForkedProcess(
        ["run", "--config", str(settings), "--data", str(data)],
        {**without_settings(os.environ), **environment},
        after,
    )
    await process.listen()
    async with listening(BotProcess(process)) as bot:
        yield bot


def _become(
    arguments: Sequence[str], environment: Mapping[str, str], after: str, output: Connection
) -> None:
    for descriptor in (1, 2):
        os.dup2(output.fileno(), descriptor)
    output.close()
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    _trust_anew()
    sys.argv = ["bot", *arguments]
    exec(after, {})
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


def _trust_anew() -> None:
    """Whom SSL_CERT_FILE names, which aiohttp reads once, when it is imported."""
    import aiohttp.connector

    aiohttp.connector._SSL_CONTEXT_VERIFIED.load_default_certs()

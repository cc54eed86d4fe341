"""A bot process without its four seconds of imports: a server that has done them forks it."""

import asyncio
import multiprocessing
import os
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

_CONTEXT = multiprocessing.get_context("forkserver")


class ForkedBot:
    """`stdout` is what it reports. Killed by its `pid`, as any other process."""

    def __init__(self, arguments: Sequence[str], errors: Path) -> None:
        os.environ["OMP_NUM_THREADS"] = "1"  # for the server, which is started by the first of us
        _CONTEXT.set_forkserver_preload(["benchmarks.crash.child"])
        self._reading, writing = _CONTEXT.Pipe(duplex=False)
        self._process = _CONTEXT.Process(target=_become, args=(arguments, writing, errors))
        self._process.start()
        writing.close()
        self.stdout = asyncio.StreamReader()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    async def listen(self) -> None:
        file = os.fdopen(os.dup(self._reading.fileno()), "rb")
        self._reading.close()
        protocol = asyncio.StreamReaderProtocol(self.stdout)
        self._transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: protocol, file
        )

    async def end(self) -> None:
        self._process.kill()
        await asyncio.to_thread(self._process.join)
        self._process.close()
        self._transport.close()


def _become(arguments: Sequence[str], reports: Connection, errors: Path) -> None:
    from benchmarks.crash.child import main  # preloaded; the drill itself has no need of it

    with errors.open("wb") as file:
        os.dup2(file.fileno(), 2)
    os.dup2(reports.fileno(), 1)
    reports.close()
    main(arguments)

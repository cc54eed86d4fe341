"""A process without its seconds of imports: a server that has done them forks it."""

import asyncio
import multiprocessing
import os
from collections.abc import Callable, Sequence

_CONTEXT = multiprocessing.get_context("forkserver")


class ForkedProcess:
    """As much of asyncio's Process as a bot process is asked for.

    It runs `target`, which is given the arguments and then the connection whose other end is
    `stdout`, in a fork of a server that has imported `preloaded`.
    """

    def __init__(
        self, target: Callable[..., None], *arguments: object, preloaded: Sequence[str]
    ) -> None:
        _CONTEXT.set_forkserver_preload(list(preloaded))
        self._reading, writing = _CONTEXT.Pipe(duplex=False)
        self._process = _CONTEXT.Process(target=target, args=(*arguments, writing))
        self._process.start()
        writing.close()
        self.stdout = asyncio.StreamReader()

    async def listen(self) -> None:
        file = os.fdopen(os.dup(self._reading.fileno()), "rb")
        self._reading.close()
        protocol = asyncio.StreamReaderProtocol(self.stdout)
        self._transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: protocol, file
        )

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

    async def end(self) -> None:
        """Kill it, if it still runs, and let go of everything that belongs to it."""
        self.kill()
        await self.wait()
        self._process.close()
        self._transport.close()

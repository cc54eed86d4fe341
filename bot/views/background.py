"""Work that outlives the command that asked for it: started apart from it, watched, and ended."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any, TypeVar

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
Job = Callable[[], Coroutine[Any, Any, None]]


class Background:
    """Runs jobs in tasks of its own. Its `running` block must be entered before the bot starts.

    A task started inside a command would inherit the command's context, and with it, on the
    simulated Discord, the duty to be finished before the next command may run. Jobs go through a
    queue to a task that has nothing to do with any command. An exception in a job is logged.
    """

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Job] = asyncio.Queue()
        self._jobs: set[asyncio.Task[None]] = set()
        self.num_ended = 0

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Background"]:
        dispatcher = asyncio.create_task(self._dispatch(), name="background")
        try:
            yield self
        finally:
            ending = (dispatcher, *self._jobs)
            for task in ending:
                task.cancel()
            await asyncio.gather(*ending, return_exceptions=True)

    @property
    def num_running(self) -> int:
        return len(self._jobs)

    def start(self, job: Job) -> None:
        self._queue.put_nowait(job)

    async def call(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """What `work` gives or raises, done in a task of its own. It ends even if nobody waits."""
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()

        async def job() -> None:
            try:
                result = await work()
            except Exception as error:  # noqa: BLE001 - raised anew to whoever waits
                if not answer.done():
                    answer.set_exception(error)
            else:
                if not answer.done():
                    answer.set_result(result)

        self.start(job)
        return await answer

    async def drain(self) -> None:
        """Waits until every job that was started has ended."""
        await self._queue.join()

    async def _dispatch(self) -> None:
        while True:
            job = await self._queue.get()
            task = asyncio.create_task(_logged(job))
            self._jobs.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._jobs.discard(task)
        self.num_ended += 1
        self._queue.task_done()


async def _logged(job: Job) -> None:
    try:
        await job()
    except Exception:
        logger.exception("A background job failed")

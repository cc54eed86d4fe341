"""Asking for a work and awaiting it, saying now and then where it stands."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Self

from bot.errors import DeadlineExceeded, EngineStopped
from bot.generation.bench import Bench, Job, Made, Request
from bot.generation.dispatcher import Dispatcher
from bot.generation.requests import Waiting

logger = logging.getLogger(__name__)

OnWait = Callable[[Waiting], Awaitable[None]]

FIRST_NOTICE_S = 2.0
NOTICE_INTERVAL_S = 5.0


@dataclass(frozen=True, slots=True)
class Patience:
    """Until when somebody waits, and who is told meanwhile. `deadline` is on the loop's clock, so
    many `seconds` after the request came.
    """

    deadline: float
    seconds: float
    on_wait: OnWait | None

    @classmethod
    def from_now(cls, seconds: float, on_wait: OnWait | None) -> Self:
        return cls(asyncio.get_running_loop().time() + seconds, seconds, on_wait)


async def made_in_time(
    dispatcher: Dispatcher | None,
    bench: Bench[Request, Made],
    request: Request,
    rng_seed: int,
    patience: Patience,
    draw: int | None = None,
) -> Made:
    """What is made of the request; the work on it ends when nobody awaits it any more.

    Raises DeadlineExceeded, what `Dispatcher.submit` raises, or what the work fails with.
    """
    if dispatcher is None:
        raise EngineStopped
    job = dispatcher.submit(bench, request, rng_seed, patience.deadline, draw)
    limit = asyncio.timeout_at(patience.deadline)
    try:
        async with limit:
            return await _awaited(dispatcher, job, patience.on_wait)
    except TimeoutError:
        if limit.expired():
            raise DeadlineExceeded(patience.seconds) from None
        raise
    finally:
        dispatcher.withdraw(job)


async def _awaited(dispatcher: Dispatcher, job: Job[Request, Made], on_wait: OnWait | None) -> Made:
    """Await the job, telling `on_wait` now and then where it stands."""
    interval_s, told = FIRST_NOTICE_S, None
    while on_wait is not None:
        await asyncio.wait({job.future}, timeout=interval_s)
        if job.future.done():
            break
        waiting = dispatcher.waiting(job)
        if waiting.position != told:
            await _tell(on_wait, waiting)
            told = waiting.position
        interval_s = NOTICE_INTERVAL_S
    return await job.future


async def _tell(on_wait: OnWait, waiting: Waiting) -> None:
    """A notice that cannot be shown must not cost what it is about."""
    try:
        await on_wait(waiting)
    except Exception:
        logger.exception("a waiting notice could not be shown")

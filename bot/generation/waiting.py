"""Awaiting a verse, saying now and then where it stands, and what comes of it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.generation.dispatcher import Dispatcher, Job, Result
from bot.generation.requests import GeneratedVerse, VerseRequest, Waiting

logger = logging.getLogger(__name__)

OnWait = Callable[[Waiting], Awaitable[None]]

FIRST_NOTICE_S = 2.0
NOTICE_INTERVAL_S = 5.0


async def await_result(dispatcher: Dispatcher, job: Job, on_wait: OnWait | None) -> Result:
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
    """A notice that cannot be shown must not cost the verse."""
    try:
        await on_wait(waiting)
    except Exception:
        logger.exception("a waiting notice could not be shown")


def verse_of(
    request: VerseRequest, rng_seed: int, result: Result, elapsed_s: float
) -> GeneratedVerse:
    return GeneratedVerse(
        text=result.text,
        artist=request.artist,
        seed=request.seed,
        lines=request.lines,
        checkpoint=result.checkpoint,
        rng_seed=rng_seed,
        sampling=request.sampling,
        elapsed_s=elapsed_s,
        scheme=result.plan.scheme,
        num_candidates=result.plan.num_candidates,
        mix=request.mix,
    )

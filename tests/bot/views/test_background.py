"""Jobs run apart from whoever started them, fail alone, and end with the bot."""

import asyncio

import pytest

from bot.views.background import Background


async def test_a_job_runs_outside_of_the_task_that_started_it() -> None:
    seen: list[asyncio.Task[None] | None] = []

    async def job() -> None:
        seen.append(asyncio.current_task())

    async with Background().running() as background:
        background.start(job)
        await background.drain()
    assert seen
    assert seen[0] is not asyncio.current_task()


async def test_a_failing_job_is_logged_and_the_next_one_runs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done = asyncio.Event()

    async def fail() -> None:
        raise RuntimeError("no")

    async def succeed() -> None:
        done.set()

    async with Background().running() as background:
        background.start(fail)
        background.start(succeed)
        await background.drain()
    assert done.is_set()
    assert "A background job failed" in caplog.text


async def test_leaving_ends_what_still_runs() -> None:
    started, ended = asyncio.Event(), asyncio.Event()

    async def endless() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with Background().running() as background:
        background.start(endless)
        await started.wait()
        assert background.num_running == 1
    assert ended.is_set()

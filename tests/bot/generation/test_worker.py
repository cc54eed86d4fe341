"""The worker thread sleeps when idle, keeps engines apart, and tells what became of each job."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import torch

from bot.generation.hardware import choose_device, choose_num_threads
from bot.generation.live import LiveCheckpoint
from bot.generation.messages import (
    Abort,
    Answer,
    Died,
    Open,
    Opened,
    Refused,
    Retire,
    Stop,
    Stopped,
    Write,
    Written,
)
from bot.generation.worker import Worker
from bot.telemetry.metrics import Metrics
from model.craft import Habits
from model.sampling import SamplingParameters
from model.search import VersePlan, Writer
from tests.factories import short_lined_checkpoint

LIVE = LiveCheckpoint(0, short_lined_checkpoint("worker"))


class CountingWriter(Writer):
    num_looks = 0

    @property
    def has_work(self) -> bool:
        type(self).num_looks += 1
        return super().has_work


def build() -> Writer:
    return LIVE.build_writer(8)


def build_counting() -> Writer:
    writer = build()
    writer.__class__ = CountingWriter
    return writer


def asking(lines: int = 3, artist: int = 0) -> VersePlan:
    return VersePlan(
        artist=artist,
        habits=Habits(),
        seed="slim",
        lines=lines,
        sampling=SamplingParameters(temperature=1.0, top_p=1.0),
        rng_seed=3,
        num_candidates=2,
    )


class Desk:
    """A worker and the answers it gave."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.worker = Worker(
            asyncio.get_running_loop(),
            self.answers.extend,
            num_threads=torch.get_num_threads(),
            metrics=Metrics(),
        )
        self.worker.start()

    async def hear(self, kind: type, number: int = 1) -> list[Answer]:
        async with asyncio.timeout(5):
            while sum(isinstance(each, kind) for each in self.answers) < number:
                await asyncio.sleep(0.002)
        return [each for each in self.answers if isinstance(each, kind)]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    made = Desk()
    yield made
    made.worker.send(Stop())
    await made.hear(Stopped)
    assert made.worker.join(5)


async def test_an_idle_worker_does_not_spin(desk: Desk) -> None:
    desk.worker.send(Open(0, build_counting, "verse"))
    desk.worker.send(Write(1, 0, asking()))
    await desk.hear(Written)
    before = CountingWriter.num_looks
    assert before > 2
    await asyncio.sleep(0.05)
    assert CountingWriter.num_looks - before <= 2


async def test_a_bad_request_is_refused_alone(desk: Desk) -> None:
    desk.worker.send(Open(0, build, "verse"))
    for job, artist in enumerate((0, 99, 1)):
        desk.worker.send(Write(job, 0, asking(artist=artist)))
    (refused,) = await desk.hear(Refused)
    assert isinstance(refused, Refused)
    assert refused.job == 1
    assert "artist 99" in refused.error
    assert len(await desk.hear(Written, 2)) == 2


async def test_work_for_an_engine_that_is_not_there_is_refused(desk: Desk) -> None:
    desk.worker.send(Write(1, 12, asking()))
    assert await desk.hear(Refused)


async def test_an_engine_that_cannot_be_built_is_answered_with_the_reason(desk: Desk) -> None:
    def fail() -> Writer:
        raise RuntimeError("no such device")

    desk.worker.send(Open(0, fail, "verse"))
    (opened,) = await desk.hear(Opened)
    assert isinstance(opened, Opened)
    assert "no such device" in str(opened.error)


async def test_a_retired_engine_finishes_its_work_and_takes_no_more(desk: Desk) -> None:
    for key in (0, 1):
        desk.worker.send(Open(key, build, "verse"))
    desk.worker.send(Write(1, 0, asking(8)))
    desk.worker.send(Retire(0))
    desk.worker.send(Write(2, 1, asking(8)))
    old, new = await desk.hear(Written, 2)
    assert isinstance(old, Written)
    assert isinstance(new, Written)
    assert old.work == new.work
    assert old.work.reason == "lines"
    desk.worker.send(Write(3, 0, asking()))
    assert await desk.hear(Refused)


async def test_an_abort_ends_only_its_job(desk: Desk) -> None:
    desk.worker.send(Open(0, build, "verse"))
    for job in (1, 2):
        desk.worker.send(Write(job, 0, asking(30)))
    desk.worker.send(Abort(1))
    desk.worker.send(Abort(77))
    written = {each.job: each for each in await desk.hear(Written, 2) if isinstance(each, Written)}
    assert written[1].work.reason == "aborted"
    assert written[2].work.reason in {"lines", "length"}


async def test_an_engine_that_dies_takes_only_its_own_jobs_with_it(desk: Desk) -> None:
    class MortalWriter(Writer):
        def step(self) -> list:  # type: ignore[type-arg]
            raise RuntimeError("the device is gone")

    def build_mortal() -> Writer:
        writer = build()
        writer.__class__ = MortalWriter
        return writer

    desk.worker.send(Open(0, build_mortal, "verse"))
    desk.worker.send(Open(1, build, "verse"))
    for job, key in enumerate((0, 0, 1)):
        desk.worker.send(Write(job, key, asking(8)))
    (died,) = await desk.hear(Died)
    assert isinstance(died, Died)
    assert died.key == 0
    refused = await desk.hear(Refused, 2)
    assert [each.job for each in refused if isinstance(each, Refused)] == [0, 1]
    assert await desk.hear(Written)


def test_answers_after_the_loop_has_closed_end_the_thread() -> None:
    async def leave_early() -> Worker:
        desk = Desk()
        desk.worker.send(Open(0, build, "verse"))
        await desk.hear(Opened)
        return desk.worker

    worker = asyncio.run(leave_early())
    worker.send(Write(1, 0, asking()))
    assert worker.join(5)


def test_settings_of_the_hardware_are_taken_as_given_and_zero_leaves_some_free() -> None:
    assert choose_num_threads(3) == 3
    assert choose_num_threads(0) >= 1
    assert choose_device("cpu") == "cpu"
    assert choose_device("auto") == ("cuda" if torch.cuda.is_available() else "cpu")

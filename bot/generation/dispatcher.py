"""Between the event loop and the worker: who waits, what is being written, and the answers."""

import asyncio
import itertools
import logging
from functools import partial
from typing import Any, TypeAlias

from bot.errors import CheckpointError, EngineStopped, UserError
from bot.generation.bench import Bench, Job, Live, Made, Request, Trial
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
from bot.generation.queue import FairQueue
from bot.generation.requests import Waiting
from bot.generation.shares import is_drawn
from bot.generation.worker import Worker
from bot.telemetry.metrics import Kind, Metrics

logger = logging.getLogger(__name__)

_STOP_TIMEOUT_S = 10.0

AnyJob: TypeAlias = Job[Any, Any]
AnyBench: TypeAlias = Bench[Any, Any]


class Dispatcher:
    """Keeps the slots of every bench busy. To be made and used on the event loop; it owns the
    worker thread.
    """

    def __init__(
        self,
        queue: FairQueue[AnyJob],
        *benches: AnyBench,
        num_threads: int,
        metrics: Metrics,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue = queue
        self._benches = benches
        self._numbers = itertools.count()
        self._writing: dict[int, AnyJob] = {}
        self._opening: dict[int, asyncio.Future[None]] = {}
        self._stopped: asyncio.Future[None] = self._loop.create_future()
        self._worker = Worker(self._loop, self._receive, num_threads=num_threads, metrics=metrics)
        self._worker.start()

    def num_waiting(self, kind: Kind) -> int:
        return self._queue.num_in(kind)

    def num_writing(self, kind: Kind) -> int:
        return sum(len(bench.writing) for bench in self._benches if bench.kind == kind)

    async def open(self, bench: AnyBench, live: Live[Any, Any]) -> None:
        """Build the engine of a checkpoint. Raises CheckpointError, or EngineStopped."""
        if self._stopped.done():
            raise EngineStopped
        opened: asyncio.Future[None] = self._loop.create_future()
        self._opening[live.key] = opened
        build = partial(live.build_writer, bench.num_slots)
        self._worker.send(Open(live.key, build, bench.kind, bench.weight))
        try:
            await opened
        except (Exception, asyncio.CancelledError):
            self.retire(live)
            raise
        finally:
            del self._opening[live.key]

    def go_live(self, bench: Bench[Request, Made], live: Live[Request, Made]) -> None:
        """From now on works start on `live`, which is open; those begun go on where they are."""
        if bench.live is not None:
            self.retire(bench.live)
        bench.live, bench.failure = live, None
        self._fill_slots()

    def try_out(
        self, bench: Bench[Request, Made], trial: Live[Request, Made], share: float
    ) -> None:
        """From now on `trial`, which is open, writes a share of what says that it may."""
        self.end_trial(bench)
        bench.trial = Trial(trial, share)

    def end_trial(self, bench: AnyBench) -> None:
        """What it has begun it finishes."""
        if bench.trial is not None:
            self.retire(bench.trial.live)
            bench.trial = None

    def retire(self, live: Live[Any, Any]) -> None:
        """Let the engine go when it has written what it has begun."""
        self._worker.send(Retire(live.key))

    def submit(
        self,
        bench: Bench[Request, Made],
        request: Request,
        rng_seed: int,
        deadline: float,
        draw: int | None = None,
    ) -> Job[Request, Made]:
        """Raises EngineStopped, TooManyWaiting or QueueFull."""
        if bench.failure is not None or self._stopped.done():
            raise EngineStopped
        now, future = self._loop.time(), self._loop.create_future()
        job = Job(next(self._numbers), bench, request, rng_seed, draw, future, now)
        job.ticket = self._queue.push(
            job,
            user_id=request.user_id,
            lane=bench.kind,
            deadline=deadline,
            now=now,
            retry_after_s=bench.pace.retry_after_s(len(self._queue)),
        )
        self._fill_slots()
        return job

    def withdraw(self, job: AnyJob) -> None:
        """Nobody awaits the job any more: free its place or slot. Harmless when it is done."""
        job.future.cancel()
        if job.number in self._writing:
            self._worker.send(Abort(job.number))
        elif job.ticket is not None:
            self._queue.remove(job.ticket)

    def waiting(self, job: AnyJob) -> Waiting:
        """Where the job stands now."""
        pace = job.bench.pace
        if job.live is not None:
            elapsed_s = self._loop.time() - job.written_since
            return Waiting(0, max(0.0, pace.seconds_each - elapsed_s))
        position = self._queue.position(job.ticket) if job.ticket else 0
        return Waiting(position, pace.estimate_s(position))

    async def stop(self) -> None:
        """End the thread; whoever still waits gets EngineStopped."""
        self._worker.send(Stop())
        await asyncio.wait({self._stopped}, timeout=_STOP_TIMEOUT_S)
        if self._stopped.done():
            self._worker.join(_STOP_TIMEOUT_S)
        else:  # it hangs in a step; being a daemon it will not keep the process
            logger.error("the generation thread did not end within %g s", _STOP_TIMEOUT_S)
            self._note_stopped(None)

    def _fill_slots(self) -> None:
        """The more wait, the fewer slots each takes."""
        for bench in self._benches:
            while bench.live is not None:
                num_slots = bench.room_for_next(self._queue.num_in(bench.kind))
                if num_slots is None:
                    break
                ticket = self._queue.pop(bench.kind, self._loop.time())
                if ticket is None:
                    break
                self._begin(ticket.item, bench.live, num_slots)

    def _begin(self, job: AnyJob, live: Live[Any, Any], num_slots: int) -> None:
        if self._tried(job, num_slots):
            return
        try:
            self._write(job, live, num_slots)
        except UserError as error:  # the checkpoint changed while the job waited, or a bad seed
            _fail(job, error)

    def _tried(self, job: AnyJob, num_slots: int) -> bool:
        """Whether the version on trial has begun it. What it does not know the live one writes."""
        trial = job.bench.trial
        if trial is None or not is_drawn(job.draw, trial.share):
            return False
        try:
            self._write(job, trial.live, num_slots)
        except UserError:
            return False
        return True

    def _write(self, job: AnyJob, live: Live[Any, Any], num_slots: int) -> None:
        """Raises UserError where `live` cannot plan it."""
        job.plan = live.plan(job.request, job.rng_seed, num_slots)
        job.live, job.num_slots, job.written_since = live, num_slots, self._loop.time()
        self._writing[job.number] = job.bench.writing[job.number] = job
        self._worker.send(Write(job.number, live.key, job.plan))

    def _receive(self, answers: list[Answer]) -> None:
        for answer in answers:
            match answer:
                case Written():
                    self._finish(answer)
                case Refused(number, error):
                    job = self._taken_off(number)
                    logger.error("a %s could not be written: %s", job.bench.kind, error)
                    _fail(job, EngineStopped())
                case Opened(key, error):
                    self._note_opened(key, error)
                case Died(key, error):
                    self._note_dead(key, error)
                case Stopped(error):
                    self._note_stopped(error)
        self._fill_slots()

    def _taken_off(self, number: int) -> AnyJob:
        job = self._writing.pop(number)
        del job.bench.writing[number]
        return job

    def _finish(self, answer: Written) -> None:
        job = self._taken_off(answer.job)
        if job.future.done() or job.live is None:
            return
        now = self._loop.time()
        try:
            if answer.work.reason in {"aborted", "failed"}:
                raise EngineStopped
            made = job.live.finish(job.request, job.plan, answer.work, now - job.since)
        except UserError as error:
            _fail(job, error)
        else:
            job.bench.pace.note(now - job.written_since)
            job.future.set_result(made)

    def _note_opened(self, key: int, error: Exception | None) -> None:
        opened = self._opening.get(key)
        if opened is None or opened.done():
            return
        if error is None:
            opened.set_result(None)
        else:
            opened.set_exception(
                CheckpointError(
                    f"The checkpoint cannot be put to work ({error}).",
                    "Try another checkpoint, or a device with more memory.",
                )
            )

    def _note_dead(self, key: int, error: str) -> None:
        for bench in self._benches:
            if bench.live is not None and bench.live.key == key:
                self._close(bench, error)
            elif bench.trial is not None and bench.trial.live.key == key:
                self.end_trial(bench)

    def _note_stopped(self, error: str | None) -> None:
        if not self._stopped.done():
            self._stopped.set_result(None)
        for bench in self._benches:
            self._close(bench, error or "generation is closed")
        for number in [*self._writing]:
            _fail(self._taken_off(number), EngineStopped())
        for key in [*self._opening]:
            self._note_opened(key, EngineStopped())

    def _close(self, bench: AnyBench, error: str) -> None:
        """Its live engine is gone: tell everybody who waits, and say so to whoever comes."""
        bench.live, bench.failure = None, error
        while (ticket := self._queue.pop(bench.kind, self._loop.time())) is not None:
            _fail(ticket.item, EngineStopped())


def _fail(job: AnyJob, error: UserError) -> None:
    if not job.future.done():
        job.future.set_exception(error)

"""Between the event loop and the worker: who waits, who is being written, and their answers."""

import asyncio
import itertools
import logging
from dataclasses import dataclass, field
from functools import partial

from bot.errors import BadSeed, CheckpointError, EngineStopped, UserError
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
from bot.generation.pace import Pace
from bot.generation.queue import FairQueue, Ticket
from bot.generation.requests import VerseRequest, Waiting
from bot.generation.shares import Trial, candidates_for, is_drawn, most_at_once
from bot.generation.worker import Worker
from bot.locale import N_
from bot.telemetry.metrics import Metrics
from model.search import VersePlan

logger = logging.getLogger(__name__)

_STOP_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Result:
    text: str
    checkpoint: str
    plan: VersePlan


@dataclass(slots=True, eq=False)
class Job:
    """A verse on its way. `future` gets its Result or a UserError."""

    number: int
    request: VerseRequest
    rng_seed: int
    future: asyncio.Future[Result]
    live: LiveCheckpoint | None = None  # that writes it, once it is being written
    plan: VersePlan | None = None  # from then on
    written_since: float = 0.0
    ticket: Ticket["Job"] | None = field(default=None, repr=False)


class Dispatcher:
    """Keeps every slot busy. To be made and used on the event loop; it owns the worker thread."""

    def __init__(
        self,
        queue: FairQueue[Job],
        *,
        num_slots: int,
        max_candidates: int,
        num_threads: int,
        metrics: Metrics,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue = queue
        self._num_slots = num_slots
        self._max_candidates = max_candidates
        self._numbers = itertools.count()
        self._writing: dict[int, Job] = {}
        self._opening: dict[int, asyncio.Future[None]] = {}
        self._pace = Pace(most_at_once(num_slots, max_candidates))
        self._live: LiveCheckpoint | None = None
        self._trial: Trial | None = None
        self._stopped: asyncio.Future[None] = self._loop.create_future()
        self.failure: str | None = None
        self._worker = Worker(self._loop, self._receive, num_threads=num_threads, metrics=metrics)
        self._worker.start()

    @property
    def num_waiting(self) -> int:
        return len(self._queue)

    @property
    def num_writing(self) -> int:
        return len(self._writing)

    def retry_after_s(self, num_waiting: int) -> float:
        """When to try again, were so many waiting now."""
        return self._pace.retry_after_s(num_waiting)

    async def open(self, live: LiveCheckpoint) -> None:
        """Build the engine of a checkpoint. Raises CheckpointError, or EngineStopped."""
        if self._stopped.done():
            raise EngineStopped
        opened: asyncio.Future[None] = self._loop.create_future()
        self._opening[live.key] = opened
        self._worker.send(Open(live.key, partial(live.build_writer, self._num_slots)))
        try:
            await opened
        except (Exception, asyncio.CancelledError):
            self.retire(live)
            raise
        finally:
            del self._opening[live.key]

    def go_live(self, live: LiveCheckpoint) -> None:
        """From now on verses start on `live`, which is open; those begun go on where they are."""
        if self._live is not None:
            self.retire(self._live)
        self._live, self.failure = live, None
        self._fill_slots()

    def try_out(self, trial: LiveCheckpoint, share: float) -> None:
        """From now on `trial`, which is open, writes a share of what says that it may."""
        self.end_trial()
        self._trial = Trial(trial, share)

    def end_trial(self) -> None:
        """What it has begun it finishes."""
        if self._trial is not None:
            self.retire(self._trial.live)
            self._trial = None

    def retire(self, live: LiveCheckpoint) -> None:
        """Let the engine go when it has written what it has begun."""
        self._worker.send(Retire(live.key))

    def submit(self, request: VerseRequest, rng_seed: int, deadline: float) -> Job:
        """Raises EngineStopped, TooManyWaiting or QueueFull."""
        if self.failure is not None or self._stopped.done():
            raise EngineStopped
        job = Job(next(self._numbers), request, rng_seed, self._loop.create_future())
        job.ticket = self._queue.push(
            job,
            user_id=request.user_id,
            deadline=deadline,
            now=self._loop.time(),
            retry_after_s=self.retry_after_s(len(self._queue)),
        )
        self._fill_slots()
        return job

    def withdraw(self, job: Job) -> None:
        """Nobody awaits the job any more: free its place or slot. Harmless when it is done."""
        job.future.cancel()
        if job.number in self._writing:
            self._worker.send(Abort(job.number))
        elif job.ticket is not None:
            self._queue.remove(job.ticket)

    def waiting(self, job: Job) -> Waiting:
        """Where the job stands now."""
        if job.live is not None:
            elapsed_s = self._loop.time() - job.written_since
            return Waiting(0, max(0.0, self._pace.verse_s - elapsed_s))
        position = self._queue.position(job.ticket) if job.ticket else 0
        return Waiting(position, self._pace.estimate_s(position))

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
        """A verse takes as many slots as it makes tries at each line: the fewer, the more wait."""
        while self._live is not None:
            crowd = len(self._writing) + len(self._queue)
            num_candidates = candidates_for(crowd, self._num_slots, self._max_candidates)
            if self._num_taken + num_candidates > self._num_slots:
                return
            ticket = self._queue.pop(self._loop.time())
            if ticket is None:
                return
            self._begin(ticket.item, self._live, num_candidates)

    def _tried(self, job: Job, num_candidates: int) -> bool:
        """Whether the version on trial has begun it. What it does not know the live one writes."""
        trial = self._trial
        if trial is None or not is_drawn(job.request.draw, trial.share):
            return False
        try:
            plan = trial.live.plan(job.request, job.rng_seed, num_candidates)
        except UserError:
            return False
        self._write(job, trial.live, plan)
        return True

    @property
    def _num_taken(self) -> int:
        return sum(job.plan.num_candidates for job in self._writing.values() if job.plan)

    def _begin(self, job: Job, live: LiveCheckpoint, num_candidates: int) -> None:
        if self._tried(job, num_candidates):
            return
        try:
            plan = live.plan(job.request, job.rng_seed, num_candidates)
        except UserError as error:  # the checkpoint changed while the job waited, or a bad seed
            _fail(job, error)
            return
        self._write(job, live, plan)

    def _write(self, job: Job, live: LiveCheckpoint, plan: VersePlan) -> None:
        job.live, job.plan, job.written_since = live, plan, self._loop.time()
        self._writing[job.number] = job
        self._worker.send(Write(job.number, live.key, plan))

    def _receive(self, answers: list[Answer]) -> None:
        for answer in answers:
            match answer:
                case Written():
                    self._finish(answer)
                case Refused(number, error):
                    logger.error("a verse could not be written: %s", error)
                    _fail(self._writing.pop(number), EngineStopped())
                case Opened(key, error):
                    self._note_opened(key, error)
                case Died(key, error) if self._live is not None and self._live.key == key:
                    self._close(error)
                case Died(key) if self._trial is not None and self._trial.live.key == key:
                    self.end_trial()
                case Stopped(error):
                    self._note_stopped(error)
        self._fill_slots()

    def _finish(self, answer: Written) -> None:
        job = self._writing.pop(answer.job)
        if job.future.done() or job.live is None or job.plan is None:
            return
        if answer.verse.reason in {"aborted", "failed"}:
            _fail(job, EngineStopped())
            return
        if not answer.verse.num_characters:
            _fail(job, BadSeed(N_("I found no line of my own to go with that. Try another seed.")))
            return
        self._pace.note(self._loop.time() - job.written_since)
        text = job.live.finish(job.request, answer.verse)
        job.future.set_result(Result(text, job.live.version, job.plan))

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

    def _note_stopped(self, error: str | None) -> None:
        if not self._stopped.done():
            self._stopped.set_result(None)
        self._close(error or "generation is closed")
        for job in self._writing.values():
            _fail(job, EngineStopped())
        self._writing.clear()
        for key in [*self._opening]:
            self._note_opened(key, EngineStopped())

    def _close(self, error: str) -> None:
        """The live engine is gone: tell everybody who waits, and say so to whoever comes."""
        self._live, self.failure = None, error
        while (ticket := self._queue.pop(self._loop.time())) is not None:
            _fail(ticket.item, EngineStopped())


def _fail(job: Job, error: UserError) -> None:
    if not job.future.done():
        job.future.set_exception(error)

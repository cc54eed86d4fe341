"""Training runs: started by command or clock, followed, ended; at most one at a time."""

import asyncio
import contextvars
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from types import TracebackType
from typing import Literal, Self

from bot.config import Config
from bot.errors import (
    CypherError,
    NothingToTrain,
    OperatorError,
    TrainingBusy,
    TrainingDisabled,
    TrainingElsewhere,
)
from bot.generation import GenerationService
from bot.locale import N_, Sentence
from bot.retraining.child import Command, child_command
from bot.retraining.job import CURVE, Lyrics, erase_lyrics, prune
from bot.retraining.lease import LEASE_S, TrainingLease
from bot.retraining.lines import KINDS, checkpoints_dir_of
from bot.retraining.lock import FolderLock
from bot.retraining.preparation import Preparation, PreparedRun
from bot.retraining.progress import TrainingProgress, Verdict
from bot.retraining.pruning import prune_versions
from bot.retraining.recovery import drop, recover
from bot.retraining.run import ActiveRun, Conductor
from bot.retraining.schedule import Schedule
from bot.retraining.trial import Trial
from bot.retraining.versions import remove_candidate
from bot.store import LessonKind, Store, TrainingRun
from bot.telemetry.metrics import Metrics
from model.training.turns import LEAST_SHARE

logger = logging.getLogger(__name__)

_NUM_FOLDERS_KEPT = 20
_GRACE_S = 300.0
_SECONDS_BETWEEN_TURNS = LEASE_S
_MEASURED = ("promoted", "rejected")


class RetrainingService:
    """An async context manager; enter it before the bot, and leave it before the store.

    Entering puts in order what a killed bot has left, and goes on with a run that was cut short.
    Leaving ends a run as interrupted, to be resumed. Several processes may share a database, and a
    data folder: one of them trains at a time, and of those with the same folder the first.
    """

    def __init__(
        self,
        config: Config,
        store: Store,
        generation: GenerationService,
        *,
        command: Command = child_command,
        metrics: Metrics | None = None,
        trial: Trial | None = None,
    ) -> None:
        self._metrics = metrics or Metrics()
        self._config = config
        self._store = store
        self._generation = generation
        self._training_dir = config.data_dir / "training"
        max_seconds = (2 * 60 * config.retraining.max_minutes + _GRACE_S) / LEAST_SHARE
        self._preparation = Preparation(config, store, generation)
        self._lease = TrainingLease(store.leases, FolderLock(self._training_dir / ".lock"))
        self._conductor = Conductor(
            config, store, generation, command, self._lease, max_seconds, trial
        )
        self._starting = asyncio.Lock()
        self._active: ActiveRun | None = None
        self._last: ActiveRun | None = None
        self._resumed: TrainingRun | None = None
        self._watch: asyncio.Task[None] | None = None
        self._context = contextvars.Context()
        self._exits = AsyncExitStack()

    async def __aenter__(self) -> Self:
        # A task started within a command would inherit its context, and on the simulated Discord
        # the command would not count as done before the run is.
        self._context = contextvars.copy_context()
        self._exits.push_async_callback(self._lease.close)
        self._exits.push_async_callback(self._end, "interrupted")
        try:
            await self._go_on()
        except TrainingElsewhere as elsewhere:
            logger.info("%s", elsewhere)
            turn = asyncio.create_task(self._await_turn(), name="the turn to train")
            self._exits.callback(turn.cancel)
        except BaseException:
            await self._exits.aclose()
            raise
        if self._config.retraining.enabled:
            schedule = Schedule(self._config.retraining, self._store, self._start_by_schedule)
            schedule.start()
            self._exits.callback(schedule.stop)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._exits.aclose()

    @property
    def current(self) -> TrainingProgress | None:
        """How far the run is that is under way."""
        return self._active.feed.latest if self._active else None

    async def start(
        self,
        *,
        trigger: Literal["schedule", "command"],
        requested_by: int | None,
        kind: LessonKind = "lyrics",
    ) -> TrainingRun:
        """Begin a run on what was approved of a kind since its last; it goes on by itself.

        Raises TrainingDisabled, TrainingBusy, TrainingElsewhere, OutdatedProcess, NoBeats, or
        NothingToTrain when nothing is new.
        """
        if not self._config.retraining.enabled:
            raise TrainingDisabled
        async with self._starting:
            if self._active is not None:
                raise TrainingBusy(self._active.record.id)
            await self._take_over()
            if self._active is not None:
                raise TrainingBusy(self._active.record.id)
            async with self._lease.kept_on_success():
                prepared = await self._preparation.first(trigger, requested_by, kind)
            return self._begin(prepared)

    async def cancel(self) -> None:
        """End the run under way and wait for its end; a promotion that has begun is completed."""
        await self._end("cancelled")

    def take_resumed(self) -> TrainingRun | None:
        """The run that goes on after a restart, to the first who asks."""
        run, self._resumed = self._resumed, None
        return run

    async def subscribe(self, run_id: int) -> AsyncIterator[TrainingProgress]:
        """How a run stands, then each change; the last has the verdict, which is then stored.

        Ends at once for a run that is over and was not the last.
        """
        for run in (self._active, self._last):
            if run is not None and run.record.id == run_id:
                async for progress in run.feed.follow():
                    yield progress
                return

    def curve(self, run_id: int) -> bytes | None:
        """The picture of a run as a PNG, where there is one."""
        try:
            return (self._training_dir / str(run_id) / CURVE).read_bytes()
        except OSError:
            return None

    async def _await_turn(self) -> None:
        """Until the other process has ended: what it leaves unfinished is ours to go on with."""
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_TURNS)
            try:
                async with self._starting:
                    if self._active is None:
                        await self._go_on()
            except TrainingElsewhere:
                continue
            except CypherError as error:
                logger.warning("nothing is resumed: %s", error)
            return

    async def _go_on(self) -> None:
        """With what was cut short, if anything was."""
        await self._take_over()
        if self._active is None:
            await self._lease.release()

    async def _take_over(self) -> None:
        """Takes the right to train, and goes on with a run that was cut short.

        Raises TrainingElsewhere or OutdatedProcess.
        """
        await self._lease.acquire()
        async with self._lease.kept_on_success():
            unfinished = await recover(self._config, self._store, self._generation)
            await self._prune(unfinished)
            if unfinished is not None:
                try:
                    self._resumed = self._begin(await self._preparation.again(unfinished))
                except NothingToTrain:
                    reason = N_("All that it was to learn was withdrawn while the bot was away.")
                    await drop(self._config, self._store, unfinished, Sentence(reason))

    def _begin(self, prepared: PreparedRun) -> TrainingRun:
        run, lyrics = prepared
        self._active = run
        self._watch = asyncio.get_running_loop().create_task(
            self._see_through(run, lyrics),
            name=f"training run {run.record.id}",
            context=self._context,
        )
        return run.record

    async def _see_through(self, run: ActiveRun, lyrics: Lyrics) -> None:
        keeping = asyncio.create_task(self._keep_lease(run))
        try:
            verdict = await self._conductor.conduct(run, lyrics)
            if run.ending != "lost":
                await self._conclude(run, verdict)
        finally:
            keeping.cancel()
            await self._lease.release()
        self._last, self._active = run, None
        last = run.feed.latest
        run.feed.publish(replace(last, stage="done", fraction=1.0, eta_s=None, verdict=verdict))
        self._metrics.training_run(verdict.state)
        logger.info("training run %d: %s (%s)", run.record.id, verdict.state, verdict.reason)

    async def _keep_lease(self, run: ActiveRun) -> None:
        await self._lease.keep(run.may_train_until)
        logger.error("another process may train, so training run %d ends here", run.record.id)
        await run.end("lost")

    async def _conclude(self, run: ActiveRun, verdict: Verdict) -> None:
        try:
            await self._tidy(run, verdict)
            await self._store.training_runs.finish(
                run.record.id,
                verdict.state,
                candidate=run.job.candidate if verdict.state in _MEASURED else None,
                reason=verdict.reason,
                figures=verdict.figures,
            )
            await self._prune(run.record)
        except (CypherError, OSError):  # the next start settles it
            logger.exception("the end of training run %d is not kept", run.record.id)

    async def _tidy(self, run: ActiveRun, verdict: Verdict) -> None:
        """Before the verdict is stored, so that the next start sees to what a crash leaves."""
        if verdict.state != "promoted":
            folder = run.job.candidate_folder.parent
            await asyncio.to_thread(remove_candidate, folder, run.job.candidate)
        if verdict.state != "interrupted":
            await asyncio.to_thread(erase_lyrics, run.folder)
        await asyncio.to_thread(prune, self._training_dir, _NUM_FOLDERS_KEPT)

    async def _prune(self, run: TrainingRun | None) -> None:
        """Old versions, but not what a run needs. A disk that fails here costs nothing else."""
        in_use = {run.parent_checkpoint} if run is not None else set()
        keep = self._config.retraining.keep_versions
        try:
            for kind in KINDS:
                folder = checkpoints_dir_of(self._config, kind)
                await prune_versions(self._store, folder, keep, in_use, kind)
        except (OperatorError, OSError):
            logger.exception("old versions could not be removed; the next run tries again")

    async def _end(self, ending: Literal["cancelled", "interrupted"]) -> None:
        if self._active is not None and self._watch is not None:
            await self._active.end(ending)
            await asyncio.wait({self._watch})

    async def _start_by_schedule(self) -> None:
        await self.start(trigger="schedule", requested_by=None)

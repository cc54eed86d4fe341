"""Training runs: started by command or clock, followed, ended; at most one at a time."""

import asyncio
import contextvars
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from bot.config import Config
from bot.errors import (
    CypherError,
    NothingToTrain,
    TrainingBusy,
    TrainingDisabled,
    TrainingElsewhere,
)
from bot.generation import GenerationService
from bot.generation.hardware import choose_device
from bot.retraining import lessons
from bot.retraining.child import Command, child_command
from bot.retraining.fair_share import Caps
from bot.retraining.job import CURVE, Lyrics, TrainingJob, erase_lyrics, prune
from bot.retraining.lease import TrainingLease
from bot.retraining.lock import FolderLock
from bot.retraining.progress import ProgressFeed, TrainingProgress, Verdict
from bot.retraining.recovery import recover
from bot.retraining.run import ActiveRun, Conductor, figures_at_start
from bot.retraining.schedule import Schedule
from bot.retraining.versions import next_version, remove_candidate
from bot.store import Store, TrainingRun
from bot.telemetry.metrics import Metrics
from model.config import FinetuneConfig

logger = logging.getLogger(__name__)

_NUM_FOLDERS_KEPT = 20
_GRACE_S = 300.0
_TRAINING_SHARE = 0.8  # of the minutes; the rest is for replay and measuring
_MEASURED = ("promoted", "rejected")


class RetrainingService:
    """An async context manager; enter it before the bot, and leave it before the store.

    Entering puts in order what a killed bot has left. Leaving ends a run as interrupted. Several
    processes may share a database, and a data folder: one of them trains at a time, and of those
    with the same folder the first.
    """

    def __init__(
        self,
        config: Config,
        store: Store,
        generation: GenerationService,
        *,
        command: Command = child_command,
        metrics: Metrics | None = None,
    ) -> None:
        self._metrics = metrics or Metrics()
        self._config = config
        self._store = store
        self._generation = generation
        self._training_dir = config.data_dir / "training"
        max_seconds = 2 * 60 * config.retraining.max_minutes + _GRACE_S
        self._lease = TrainingLease(store.leases, FolderLock(self._training_dir / ".lock"))
        self._conductor = Conductor(config, store, generation, command, self._lease, max_seconds)
        self._starting = asyncio.Lock()
        self._active: ActiveRun | None = None
        self._last: ActiveRun | None = None
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
            await self._recover_alone()
        except TrainingElsewhere as elsewhere:
            logger.info("%s", elsewhere)
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
        self, *, trigger: Literal["schedule", "command"], requested_by: int | None
    ) -> TrainingRun:
        """Begin a run on what was approved since the last; it goes on by itself.

        Raises TrainingDisabled, TrainingBusy, TrainingElsewhere, OutdatedProcess, or NothingToTrain
        when nothing is new.
        """
        if not self._config.retraining.enabled:
            raise TrainingDisabled
        async with self._starting:
            if self._active is not None:
                raise TrainingBusy(self._active.record.id)
            await self._lease.acquire()
            try:
                await self._recover()
                lesson = await self._gather()
                run = await self._open(trigger, requested_by, lesson.lyrics_ids)
            except BaseException:
                await self._lease.release()
                raise
            self._begin(run, lesson.lyrics)
            return run.record

    async def cancel(self) -> None:
        """End the run under way and wait for its end; a promotion that has begun is completed."""
        await self._end("cancelled")

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

    async def _gather(self) -> lessons.Lessons:
        caps = Caps.of(self._config.retraining)
        lesson = await lessons.gather(self._store, self._generation.voices(), caps)
        if not lesson.lyrics_ids:
            raise NothingToTrain(0, 1)
        return lesson

    async def _open(
        self, trigger: Literal["schedule", "command"], requested_by: int | None, ids: list[int]
    ) -> ActiveRun:
        parent = self._generation.live_version
        version = await next_version(self._store, self._config.checkpoints_dir)
        record = await self._store.training_runs.start(
            trigger=trigger, requested_by=requested_by, parent_checkpoint=parent, lyrics_ids=ids
        )
        first = TrainingProgress(stage="queued", fraction=0.0)
        await self._store.training_runs.progress(
            record.id, stage=first.stage, fraction=0.0, figures=figures_at_start(version)
        )
        job = TrainingJob(
            run_id=record.id,
            live_version=parent,
            live_folder=await self._live_folder(),
            candidate=version,
            candidate_folder=self._config.checkpoints_dir / version,
            device=choose_device(self._config.generation.device),
            num_threads=self._config.retraining.threads,
            config=self._finetune_config(record.id),
        )
        folder = self._training_dir / str(record.id)
        return ActiveRun(record, job, folder, ProgressFeed(first))

    async def _live_folder(self) -> Path:
        named = self._config.checkpoints_dir / self._generation.live_version
        is_folder = await asyncio.to_thread(named.is_dir)
        return named if is_folder else self._config.starter_checkpoint

    def _finetune_config(self, run_id: int) -> FinetuneConfig:
        retraining = self._config.retraining
        return FinetuneConfig(
            learning_rate=retraining.learning_rate,
            epochs=retraining.epochs,
            replay_share=retraining.replay_share,
            max_loss_on_others=retraining.max_loss_on_others,
            max_minutes=retraining.max_minutes * _TRAINING_SHARE,
            seed=run_id,
        )

    def _begin(self, run: ActiveRun, lyrics: Lyrics) -> None:
        self._active = run
        self._watch = asyncio.get_running_loop().create_task(
            self._see_through(run, lyrics),
            name=f"training run {run.record.id}",
            context=self._context,
        )

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
        except (CypherError, OSError):  # the next start settles it
            logger.exception("the end of training run %d is not kept", run.record.id)

    async def _tidy(self, run: ActiveRun, verdict: Verdict) -> None:
        """Before the verdict is stored, so that the next start sees to what a crash leaves."""
        if verdict.state != "promoted":
            folder = self._config.checkpoints_dir
            await asyncio.to_thread(remove_candidate, folder, run.job.candidate)
        await asyncio.to_thread(erase_lyrics, run.folder)
        await asyncio.to_thread(prune, self._training_dir, _NUM_FOLDERS_KEPT)

    async def _end(self, ending: Literal["cancelled", "interrupted"]) -> None:
        if self._active is not None and self._watch is not None:
            await self._active.end(ending)
            await asyncio.wait({self._watch})

    async def _start_by_schedule(self) -> None:
        await self.start(trigger="schedule", requested_by=None)

    async def _recover_alone(self) -> None:
        await self._lease.acquire()
        try:
            await self._recover()
        finally:
            await self._lease.release()

    async def _recover(self) -> None:
        await recover(
            self._store,
            self._generation,
            training_dir=self._training_dir,
            checkpoints_dir=self._config.checkpoints_dir,
            max_loss_on_others=self._config.retraining.max_loss_on_others,
        )

"""One training run, from its job folder to its verdict."""

import asyncio
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from bot.config import Config
from bot.errors import CypherError, OperatorError, UserError
from bot.generation import GenerationService
from bot.locale import N_, Sentence
from bot.retraining.child import Child, Command, explain_end, live_stays
from bot.retraining.courtesy import make_way
from bot.retraining.gate import judge
from bot.retraining.job import CURVE, Lyrics, TrainingJob, read_result, write_job
from bot.retraining.lease import TrainingLease
from bot.retraining.lines import Line
from bot.retraining.progress import ProgressFeed, TrainingProgress, Verdict
from bot.retraining.promotion import promote
from bot.retraining.trial import Trial
from bot.store import NewCheckpoint, Store, TrainingRun

logger = logging.getLogger(__name__)

_SECONDS_BETWEEN_NOTES = 5.0
Ending = Literal["cancelled", "interrupted", "lost"]
_ENDINGS: dict[Ending, tuple[Literal["cancelled", "interrupted"], str]] = {
    "cancelled": ("cancelled", N_("The run was cancelled, so nothing was learned.")),
    "interrupted": (
        "interrupted",
        N_("The bot stopped while this run was under way; it goes on when the bot is back."),
    ),
    "lost": (
        "interrupted",
        N_(
            "This process could not show in time that it still trains,"
            " so the run is left to others."
        ),
    ),
}


@dataclass(slots=True, eq=False)
class ActiveRun:
    """A run under way. `ending` is set when somebody wants it to end without a result.

    One that is lost is another process's to go on with, and to end in the database.
    """

    record: TrainingRun
    job: TrainingJob
    folder: Path
    feed: ProgressFeed
    child: Child | None = None
    ending: Ending | None = None
    noted_at: float = field(default=0.0, repr=False)

    def may_train_until(self, moment: float) -> None:
        """The child ends by itself then, even if the bot is suspended, unless it hears again."""
        if self.child is not None:
            self.child.may_run_until(moment)

    async def end(self, ending: Ending) -> None:
        """Kills the child; a run that has its result already goes on to its verdict."""
        self.ending = self.ending or ending
        if self.child is not None:
            await self.child.stop()


@dataclass(frozen=True, slots=True)
class Conductor:
    """What every run needs. `max_seconds` bounds a child that hangs."""

    config: Config
    store: Store
    generation: GenerationService
    command: Command
    lease: TrainingLease
    max_seconds: float
    trial: Trial | None = None

    async def conduct(self, run: ActiveRun, lyrics: Lyrics) -> Verdict:
        """Never raises but for cancellation: whatever goes wrong is a verdict."""
        try:
            return await self._conduct(run, lyrics)
        except CypherError as error:
            logger.exception("training run %d failed", run.record.id)
            return Verdict(state="failed", reason=_not_live(error))
        except OSError as error:
            logger.exception("training run %d failed", run.record.id)
            unusable = N_("The run could not use its files ({error}).")
            reason = Sentence(unusable, {"error": error.strerror or str(error)})
            return Verdict(state="failed", reason=live_stays(reason))
        except Exception as error:
            logger.exception("training run %d failed", run.record.id)
            stopped = N_("The run stopped with an error ({error}).")
            reason = Sentence(stopped, {"error": f"{type(error).__name__}: {error}"})
            return Verdict(state="failed", reason=live_stays(reason))

    async def _conduct(self, run: ActiveRun, lyrics: Lyrics) -> Verdict:
        await asyncio.to_thread(write_job, run.folder, run.job, lyrics)
        failure = await self._train(run)
        if failure is not None:
            return failure
        try:
            figures = await asyncio.to_thread(read_result, run.folder)
        except (OSError, ValueError, TypeError):
            logger.exception("training run %d has no result", run.record.id)
            return Verdict(state="failed", reason=explain_end(0, None))
        if not await self.lease.is_held():
            run.ending = "lost"
            return _ended(run)
        curve = run.folder / CURVE if (run.folder / CURVE).is_file() else None
        kept = {name: value for name, value in figures.items() if name != "curve"}
        decision = judge(figures, self.config.retraining.max_loss_on_others)
        reason = decision.reason
        if decision.is_promoted:
            reason = await self._take(run, kept, reason)
        return Verdict(
            state="promoted" if decision.is_promoted else "rejected",
            reason=reason,
            figures=kept,
            curve=curve,
        )

    async def _take(self, run: ActiveRun, figures: dict[str, Any], reason: Sentence) -> Sentence:
        """Live at once, or tried out first; the reason, and what there is to say of that."""
        version, parent = run.job.candidate, run.record.parent_checkpoint
        if run.job.kind == "lyrics" and self.trial is not None and self.trial.is_wanted:
            folder = run.job.candidate_folder.name
            await self.trial.begin(
                NewCheckpoint(version=version, folder=folder, parent=parent, figures=figures)
            )
            tried = N_("{reason} It writes {share:.0%} of the verses now, until votes decide.")
            share = self.config.retraining.shadow_share
            return Sentence(tried, {"reason": reason, "share": share})
        await promote(
            self.store,
            Line(run.job.kind, self.config, self.generation),
            version=version,
            folder=run.job.candidate_folder,
            parent=parent,
            figures=figures,
        )
        return reason

    async def _train(self, run: ActiveRun) -> Verdict | None:
        """None when the child left a result."""
        if run.ending is None:
            threads = self.config.retraining.threads
            run.child = await Child.start(run.folder, self.command, threads)
            run.may_train_until(self.lease.valid_until)
        if run.child is None or run.ending is not None:
            if run.child is not None:
                await run.child.stop()
            return _ended(run)
        way = asyncio.create_task(make_way(run.child, lambda: self.generation.num_wanted > 0))
        try:
            async with asyncio.timeout(self.max_seconds):
                error = await self._listen(run, run.child)
                status = await run.child.wait()
        except TimeoutError:
            too_long = N_(
                "Training took far longer than retraining.max_minutes, so it was stopped."
            )
            return Verdict(state="failed", reason=live_stays(Sentence(too_long)))
        finally:
            way.cancel()
            await run.child.stop()
        if run.ending is not None and status != 0:
            return _ended(run)
        if status != 0 or error is not None:
            return Verdict(state="failed", reason=explain_end(status, error))
        return None

    async def _listen(self, run: ActiveRun, child: Child) -> Sentence | None:
        """Passes on the child's progress; returns what it says went wrong."""
        error = None
        async for message in child.messages():
            if "error" in message:
                error = Sentence.from_data(message["error"])
            elif "stage" in message:
                await self._note(run, TrainingProgress(**message))
        return error

    async def _note(self, run: ActiveRun, progress: TrainingProgress) -> None:
        is_new_stage = progress.stage != run.feed.latest.stage
        run.feed.publish(progress)
        now = asyncio.get_running_loop().time()
        if not is_new_stage and now - run.noted_at < _SECONDS_BETWEEN_NOTES:
            return
        run.noted_at = now
        try:
            await self.store.training_runs.progress(
                run.record.id, stage=progress.stage, fraction=progress.fraction
            )
        except OperatorError as error:  # news only: the run itself goes on
            logger.warning("the progress of training run %d is not kept: %s", run.record.id, error)


def _ended(run: ActiveRun) -> Verdict:
    state, reason = _ENDINGS[run.ending or "interrupted"]
    return Verdict(state=state, reason=Sentence(reason))


def _not_live(error: CypherError) -> Sentence:
    said = error.sentence if isinstance(error, UserError) else str(error)
    return Sentence(N_("The candidate could not go live: {error}"), {"error": said})

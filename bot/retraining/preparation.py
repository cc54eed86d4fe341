"""From the database to a run with its job: for the first time, or again after a restart."""

import asyncio
import logging
from pathlib import Path
from typing import Literal, NamedTuple

from bot.config import Config
from bot.errors import NoBeatsToLearn, NothingToTrain, TrialUnderWay, WentBack
from bot.generation import GenerationService
from bot.generation.hardware import choose_device
from bot.retraining import judged, lessons
from bot.retraining.fair_share import Caps
from bot.retraining.gate import FRAMES_SAY_MORE
from bot.retraining.ground import Ground, find_ground, folder_of_ground
from bot.retraining.job import Lyrics, TrainingJob, replay_ids_of
from bot.retraining.lessons import Lessons
from bot.retraining.lines import Line
from bot.retraining.progress import ProgressFeed, TrainingProgress
from bot.retraining.promotion import follow
from bot.retraining.run import ActiveRun
from bot.retraining.versions import next_version
from bot.store import LessonKind, Store, TrainingRun
from model.config import FinetuneConfig

logger = logging.getLogger(__name__)

_TRAINING_SHARE = 0.8  # of the minutes; the rest is for replay and measuring


class PreparedRun(NamedTuple):
    run: ActiveRun
    lyrics: Lyrics


class Preparation:
    def __init__(self, config: Config, store: Store, generation: GenerationService) -> None:
        self._config = config
        self._store = store
        self._generation = generation

    async def first(
        self,
        trigger: Literal["schedule", "command"],
        requested_by: int | None,
        kind: LessonKind = "lyrics",
    ) -> PreparedRun:
        """On what was approved, and voted, since the last run; where the live version learned
        lyrics that were withdrawn, from before that, also with nothing new. Raises TrialUnderWay,
        NothingToTrain, NoBeats, or WentBack when an earlier version is all that is left.
        """
        shadow = await self._store.checkpoints.shadow() if kind == "lyrics" else None
        if shadow is not None:
            raise TrialUnderWay(shadow.version)
        line = self._line(kind)
        ground = await find_ground(self._config, self._store, line.live_version)
        lesson = await self._gather(line, ground)
        if lesson.is_empty:
            await self._go_back_to(ground.version, line)
            raise (NoBeatsToLearn if kind == "beats" else NothingToTrain)(0, 1)
        version = await next_version(self._store, line.folder)
        record = await self._store.training_runs.start(
            kind=kind,
            trigger=trigger,
            requested_by=requested_by,
            parent_checkpoint=ground.version,
            lyrics_ids=lesson.lyrics_ids,
            votes_until=lesson.votes_until,
        )
        if record.num_lyrics < len(lesson.lyrics_ids):
            left = await self._store.training_runs.lyrics_ids(record.id)
            lesson = lesson.only_of(left)  # some were withdrawn or taken back meanwhile
        return await self._prepared(record, version, lesson)

    async def again(self, record: TrainingRun) -> PreparedRun:
        """On those of its lyrics that are still approved. Raises NothingToTrain when none is.

        Where they are all there, the job comes out as it was, and the child goes on from what it
        has kept; else it forgets that and begins anew.
        """
        replay_ids = await asyncio.to_thread(replay_ids_of, self._folder(record.id))
        ids = await self._store.training_runs.lyrics_ids(record.id)
        config, line = self._config.retraining, self._line(record.kind)
        voices = line.voices()
        lesson = await lessons.again(self._store, voices, ids, replay_ids, record.kind)
        if (until := record.votes_until) is not None:
            votes = await judged.gather(self._store, voices, config, until)
            lesson = lesson.with_verses(votes)
        if lesson.is_empty:
            raise NothingToTrain(0, 1)
        version = record.figures.get("candidate")
        if version is None or await self._store.checkpoints.get(version) is not None:
            version = await next_version(self._store, line.folder)
        record = await self._store.training_runs.resume(record.id, lesson.lyrics_ids)
        return await self._prepared(record, version, lesson)

    def _line(self, kind: LessonKind) -> Line:
        return Line(kind, self._config, self._generation)

    async def _gather(self, line: Line, ground: Ground) -> Lessons:
        config, voices = self._config.retraining, line.voices()
        if line.kind == "beats":
            return await lessons.gather_beats(self._store, voices, Caps.of(config), ground)
        lesson = await lessons.gather(self._store, voices, Caps.of(config), ground)
        return lesson.with_verses(await judged.gather(self._store, voices, config))

    async def _prepared(self, record: TrainingRun, version: str, lesson: Lessons) -> PreparedRun:
        first = TrainingProgress(stage="queued", fraction=record.fraction)
        left_out = await self._store.removals.withheld()
        if left_out:  # by name for the operator alone: servers are told how many
            logger.info("run %d leaves out %s, as asked", record.id, ", ".join(left_out))
        # Kept from the start, so that a promotion cut short can be told from a run cut short.
        figures = {"candidate": version, "left_out": len(left_out)}
        await self._store.training_runs.progress(
            record.id, stage=first.stage, fraction=first.fraction, figures=figures
        )
        job = TrainingJob(
            run_id=record.id,
            live_version=record.parent_checkpoint,
            live_folder=await folder_of_ground(self._config, self._store, record.parent_checkpoint),
            candidate=version,
            candidate_folder=self._line(record.kind).folder / version,
            device=choose_device(self._config.generation.device),
            num_threads=self._config.retraining.threads,
            config=self._finetune_config(record),
            kind=record.kind,
            replay_ids=lesson.replay_ids,
            num_votes=lesson.num_votes,
            num_voters=lesson.num_voters,
        )
        run = ActiveRun(record, job, self._folder(record.id), ProgressFeed(first))
        return PreparedRun(run, lesson.lyrics)

    async def _go_back_to(self, version: str, line: Line) -> None:
        """Where nothing is left of what the live version learned. Raises WentBack."""
        if version == line.live_version:
            return
        folder = await folder_of_ground(self._config, self._store, version)
        await line.swap(folder, version=version)
        await follow(self._store, line)
        raise WentBack(version)

    def _folder(self, run_id: int) -> Path:
        return self._config.data_dir / "training" / str(run_id)

    def _finetune_config(self, run: TrainingRun) -> FinetuneConfig:
        retraining = self._config.retraining
        most = retraining.max_loss_on_others
        if run.kind == "beats":
            most *= FRAMES_SAY_MORE
        return FinetuneConfig(
            learning_rate=retraining.learning_rate,
            epochs=retraining.epochs,
            replay_share=retraining.replay_share,
            max_loss_on_others=most,
            votes_share=retraining.votes_share,
            max_minutes=retraining.max_minutes * _TRAINING_SHARE,
            seed=run.id,
        )

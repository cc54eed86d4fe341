"""A real store and generation with a tiny checkpoint, and a training child that does as told."""

import contextlib
import json
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config, load_config
from bot.generation import GenerationService
from bot.retraining import RetrainingService, TrainingProgress, Trial
from bot.retraining.child import child_command
from bot.store import NewCheckpoint, Store, TrainingRun, open_store
from model.checkpoint import save_checkpoint
from tests.bot.retraining import fake_child
from tests.bot.store.examples import song
from tests.factories import tiny_checkpoint

LOOK = {
    "text": "slim\nas a pin",
    "faults": [],
    "rhyme": 1.0,
    "density": 0.5,
    "novel": 1.0,
    "distinct": 1.0,
}
CANARY = {
    "artist": "Roof Fox",
    "seed": "slim",
    "is_touched": False,
    "live": LOOK,
    "candidate": {**LOOK, "text": "slim\nas a thin pin"},
}
BETTER = {
    "new_songs": {"live": 2.91, "candidate": 2.44},
    "others": {"live": 2.2, "candidate": 2.204},
    "touched": {},
    "untouched": {},
    "canaries": [CANARY],
    "num_songs": 1,
    "curve": [],
}
WORSE = {**BETTER, "new_songs": {"live": 2.44, "candidate": 2.91}}
PROGRESS = {
    "stage": "training",
    "fraction": 0.5,
    "loss": 3.25,
    "bits_per_character": 2.5,
    "eta_s": 10.0,
}
Plan = list[tuple[str, Any]]
GOOD: Plan = [("say", PROGRESS), ("candidate", None), ("curve", None), ("result", BETTER)]
ENDLESS: Plan = [("say", PROGRESS), ("half", None), ("wait", "never")]


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository") / "starter"
    save_checkpoint(tiny_checkpoint("starter-1"), folder)
    return folder


@pytest.fixture
def config(starter: Path, empty_database: Path, tmp_path: Path) -> Config:
    plain = load_config(None, tmp_path / "data", {})
    plain.data_dir.mkdir()
    shutil.copy(empty_database, plain.data_dir / "cypher.db")
    generation = {"checkpoint": str(starter), "threads": 1, "device": "cpu", "num_slots": 2}
    return plain.model_copy(
        update={
            "generation": plain.generation.model_copy(update=generation),
            "beats": plain.beats.model_copy(update={"enabled": False}),
        }
    )


@dataclass
class Life:
    """A running bot, as far as training goes. `plan` is what the next child will do."""

    config: Config
    store: Store
    generation: GenerationService
    retraining: RetrainingService
    trial: Trial

    def plan(self, steps: Plan) -> None:
        plan_path(self.config).write_text(json.dumps(steps), encoding="utf-8")

    async def teach_song(self, artist: str, title: str, lines: Sequence[str]) -> None:
        await self.store.lyrics.import_songs([song(title, "\n".join(lines), artist)])

    async def teach(self, *titles: str, artist: str = "Kettle Jones") -> None:
        texts = [f"{title}: I tie my shoes and hum a tune\nand miss the bus" for title in titles]
        pairs = zip(titles, texts, strict=True)
        await self.store.lyrics.import_songs([song(title, text, artist) for title, text in pairs])

    async def start(self) -> TrainingRun:
        return await self.retraining.start(trigger="command", requested_by=7)

    async def follow(self, run: TrainingRun) -> list[TrainingProgress]:
        return [progress async for progress in self.retraining.subscribe(run.id)]

    async def see(self, run: TrainingRun, stage: str = "training") -> None:
        """Until the child says that it is at a stage."""
        async for progress in self.retraining.subscribe(run.id):
            if progress.stage == stage:
                return
        pytest.fail(f"the run ended before the stage {stage}")

    async def run(self, steps: Plan) -> TrainingRun:
        """One run to its end, as it is then stored."""
        self.plan(steps)
        await self.follow(started := await self.start())
        return await self.stored(started)

    async def resumed(self) -> TrainingRun:
        """The run that went on when this life began, as it is stored when it has ended."""
        run = self.retraining.take_resumed()
        assert run is not None
        await self.follow(run)
        return await self.stored(run)

    async def stored(self, run: TrainingRun) -> TrainingRun:
        found = await self.store.training_runs.get(run.id)
        assert found is not None
        return found

    def folder(self, run: TrainingRun) -> Path:
        return self.config.data_dir / "training" / str(run.id)

    @property
    def checkpoints(self) -> list[str]:
        """The names of all folders of checkpoints, halves included."""
        folder = self.config.checkpoints_dir
        return (
            sorted(path.name for path in folder.iterdir() if path.is_dir())
            if folder.is_dir()
            else []
        )


def plan_path(config: Config) -> Path:
    return config.data_dir / "plan.json"


@contextlib.asynccontextmanager
async def living(config: Config, *, is_real: bool = False) -> AsyncIterator[Life]:
    """From the bot's start to its end, over what an earlier life has left."""

    def fake(folder: Path) -> Sequence[str]:
        return (sys.executable, str(fake_child.__file__), str(folder), str(plan_path(config)))

    async with (
        open_store(config.database.url) as store,
        GenerationService(config) as generation,
    ):
        await note_live_checkpoint(store, generation)
        command = child_command if is_real else fake
        async with (
            Trial(config, store, generation) as trial,
            RetrainingService(
                config, store, generation, command=command, trial=trial
            ) as retraining,
        ):
            yield Life(config, store, generation, retraining, trial)


async def note_live_checkpoint(store: Store, generation: GenerationService) -> None:
    """As the composition root does."""
    version = generation.live_version
    if await store.checkpoints.get(version) is None:
        await store.checkpoints.record(NewCheckpoint(version=version, folder="checkpoints/starter"))
    await store.checkpoints.promote(version)
    await store.artists.ensure(generation.voices())


@pytest.fixture
async def life(config: Config) -> AsyncIterator[Life]:
    async with living(config) as living_now:
        yield living_now

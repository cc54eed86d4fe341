"""Wherever the bot is killed, the next start loads a checkpoint, and the database agrees."""

import asyncio
import json
from typing import Any

import pytest

from bot.config import Config
from bot.generation.dispatcher import Dispatcher
from bot.generation.service import GenerationService
from bot.retraining.child import Child
from bot.retraining.service import RetrainingService
from bot.store.artists import ArtistStore
from bot.store.checkpoints import CheckpointStore
from bot.store.training_runs import TrainingRunStore
from model.checkpoint import verify_checkpoint
from tests.bot.retraining.conftest import ENDLESS, GOOD, WORSE, Life, living, plan_path


class Killed(BaseException):
    """No `except Exception` is to see it, as none sees SIGKILL."""


def die(*_: Any, **__: Any) -> Any:
    raise Killed


async def live_until(config: Config, owner: type, name: str, *, result: Any = None) -> None:
    """A life in which one run comes as far as `owner.name`, and no further."""
    steps = GOOD if result is None else [*GOOD[:-1], ("result", result)]
    with pytest.MonkeyPatch.context() as patched:
        async with living(config) as life:
            await life.teach("Noon Bus")
            life.plan(steps)
            patched.setattr(owner, name, die)
            await life.start()
            assert life.retraining._watch is not None
            await asyncio.wait({life.retraining._watch}, timeout=30)
            assert isinstance(life.retraining._watch.exception(), Killed)


async def check(life: Life) -> None:
    """The run is promoted; files, database and what is in use say the same, and life goes on."""
    run = await life.store.training_runs.latest()
    live = await life.store.checkpoints.live()
    assert run is not None
    assert live is not None
    assert (run.state, run.id) == ("promoted", 1)
    assert run.candidate == live.version == life.generation.live_version
    assert run.reason
    assert life.checkpoints == [run.candidate]
    for name in life.checkpoints:
        verify_checkpoint(life.config.checkpoints_dir / name)
    assert {each.state for each in await life.store.checkpoints.all()} <= {
        "live",
        "retired",
        "rejected",
    }
    assert await life.store.lyrics.num_approved_since_last_run() == 0
    await life.teach("Night Bus")
    following = await life.run(GOOD)
    assert (following.state, following.num_lyrics) == ("promoted", 1)
    assert following.candidate != run.candidate


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (Child, "start"),
        (Child, "wait"),
        (CheckpointStore, "record"),
        (GenerationService, "swap"),
    ],
)
async def test_a_run_cut_before_the_pointer_is_replaced_goes_on(
    config: Config, owner: type, name: str
) -> None:
    await live_until(config, owner, name)
    async with living(config) as life:
        assert life.generation.live_version == "starter-1"
        resumed = await life.resumed()
        assert (resumed.id, resumed.num_resumed) == (1, 1)
        await check(life)


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (Dispatcher, "go_live"),
        (CheckpointStore, "promote"),
        (ArtistStore, "ensure"),
        (RetrainingService, "_tidy"),
        (TrainingRunStore, "finish"),
    ],
)
async def test_a_run_cut_after_the_pointer_is_replaced_is_promoted(
    config: Config, owner: type, name: str
) -> None:
    await live_until(config, owner, name)
    async with living(config) as life:
        run = await life.store.training_runs.latest()
        assert run is not None
        assert "2.91 → 2.44" in str(run.reason)
        await check(life)


@pytest.mark.parametrize(
    ("owner", "name"), [(RetrainingService, "_tidy"), (TrainingRunStore, "finish")]
)
async def test_a_rejection_cut_short_is_come_to_again(
    config: Config, owner: type, name: str
) -> None:
    await live_until(config, owner, name, result=WORSE)
    async with living(config) as life:
        assert (await life.resumed()).state == "rejected"
        assert life.checkpoints == []


async def test_the_recovery_may_be_cut_as_well(config: Config) -> None:
    await live_until(config, CheckpointStore, "promote")
    for owner, name in ((TrainingRunStore, "finish"), (ArtistStore, "ensure")):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(owner, name, die)
            with pytest.raises(Killed):
                async with living(config):
                    pass
    async with living(config) as life:
        await check(life)


@pytest.fixture
async def killed_in_training(config: Config) -> Config:
    """A run with half a candidate on disk, a bot gone without a word, and its child with it."""
    async with living(config) as life:
        await life.teach("Noon Bus")
        life.plan(ENDLESS)
        run = await life.start()
        await life.see(run)
        while not life.checkpoints:
            await asyncio.sleep(0.01)
        assert life.retraining._watch is not None
        assert life.retraining._active is not None
        assert life.retraining._active.child is not None
        await life.retraining._active.child.stop()
        life.retraining._watch.cancel()
        await asyncio.wait({life.retraining._watch})
    return config


async def test_a_run_cut_in_training_goes_on_and_leaves_no_halves(
    killed_in_training: Config,
) -> None:
    (half,) = killed_in_training.checkpoints_dir.iterdir()
    assert half.name.endswith("-half")
    plan_path(killed_in_training).write_text(json.dumps(GOOD))
    async with living(killed_in_training) as life:
        assert (await life.resumed()).state == "promoted"
        await check(life)


async def test_what_is_not_ours_stays(killed_in_training: Config) -> None:
    theirs = killed_in_training.checkpoints_dir / "my-own-copy"
    notes = killed_in_training.data_dir / "training" / "notes"
    for folder in (theirs, notes):
        folder.mkdir()
    async with living(killed_in_training) as life:
        assert "my-own-copy" in life.checkpoints
        assert notes.exists()


async def test_a_damaged_candidate_that_is_live_gives_way_to_the_one_before(config: Config) -> None:
    await live_until(config, CheckpointStore, "promote")
    (folder,) = (path for path in config.checkpoints_dir.iterdir() if path.is_dir())
    weights = folder / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:100])
    async with living(config) as life:
        live = await life.store.checkpoints.live()
        assert live is not None
        assert live.version == life.generation.live_version == "starter-1"
        assert life.generation.warnings
        assert (await life.resumed()).state == "promoted"


async def test_a_run_without_a_job_yet_begins_anew(config: Config) -> None:
    with pytest.MonkeyPatch.context() as patched:
        async with living(config) as life:
            await life.teach("Noon Bus")
            life.plan(GOOD)
            patched.setattr(TrainingRunStore, "progress", die)
            with pytest.raises(Killed):
                await life.start()
    async with living(config) as life:
        assert (await life.resumed()).state == "promoted"


async def test_job_folders_of_unknown_runs_go(config: Config) -> None:
    orphan = config.data_dir / "training" / "41"
    orphan.mkdir(parents=True)
    (orphan / "songs.jsonl").write_text(json.dumps({"text": "words"}))
    async with living(config) as life:
        assert not orphan.exists()
        assert life.retraining.curve(41) is None

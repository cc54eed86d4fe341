"""A run that a restart cut short goes on, on what is still there, or is dropped with a reason."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.retraining.job import replay_ids_of
from bot.store import TrainingRun, open_store
from tests.bot.retraining.conftest import ENDLESS, GOOD, Life, living, plan_path
from tests.bot.retraining.waiting import wait_until

_WORDS = [
    "Flour on the window, butter on the knee",
    "Roll it for the baker, roll it out for me",
    "Cherry for the chimney, plum upon the plate",
    "Anyone who whistles has to sit and wait",
]


async def begin(config: Config, *titles: str) -> TrainingRun:
    """A life that ends, in good order, while its run is under way."""
    async with living(config) as life:
        await life.teach(*titles)
        life.plan(ENDLESS)
        run = await life.start()
        await life.see(run)
    plan_path(config).write_text(json.dumps(GOOD))
    return run


async def withdraw(config: Config, lyrics_id: int) -> None:
    async with open_store(config.database.url) as store:
        await store.lyrics.withdraw(lyrics_id)


async def test_withdrawn_lyrics_are_taken_out_before_the_run_goes_on(config: Config) -> None:
    run = await begin(config, "Noon Bus", "Late Bus")
    await withdraw(config, 1)
    plan_path(config).write_text(json.dumps(ENDLESS))
    async with living(config) as life:
        await life.see(run)
        words = (life.folder(run) / "songs.jsonl").read_text()
        assert "Late Bus" in words
        assert "Noon Bus" not in words
        resumed = life.retraining.take_resumed()
        assert resumed is not None
        assert (resumed.id, resumed.num_lyrics) == (run.id, 1)
        assert await life.store.training_runs.lyrics_ids(run.id) == [2]


async def test_a_run_of_which_all_is_withdrawn_is_dropped(config: Config) -> None:
    run = await begin(config, "Noon Bus")
    await withdraw(config, 1)
    async with living(config) as life:
        dropped = await life.stored(run)
        assert (dropped.state, life.retraining.current) == ("interrupted", None)
        assert "withdrawn" in str(dropped.reason)
        assert not life.folder(run).exists()
        await life.teach("Night Bus")
        assert (await life.run(GOOD)).state == "promoted"


async def test_what_is_read_again_is_the_same_after_a_restart(config: Config) -> None:
    async with living(config) as life:
        await life.teach("One", "Two", "Three")
        await life.run(GOOD)
    run = await begin(config, "Noon Bus")
    folder = config.data_dir / "training" / str(run.id)
    before = [(folder / name).read_bytes() for name in ("songs.jsonl", "replay.jsonl")]
    assert len(replay_ids_of(folder)) == 3
    plan_path(config).write_text(json.dumps(ENDLESS))
    async with living(config) as life:
        await life.see(run)
        after = [(folder / name).read_bytes() for name in ("songs.jsonl", "replay.jsonl")]
    assert before == after


async def test_a_run_on_what_is_no_longer_live_is_dropped(
    config: Config, starter: Path, tmp_path: Path
) -> None:
    async with living(config) as life:
        await life.teach("One")
        await life.run(GOOD)
    run = await begin(config, "Noon Bus")
    (config.checkpoints_dir / "live.json").unlink()  # as a way back to the starter
    async with living(config) as life:
        dropped = await life.stored(run)
        assert dropped.state == "interrupted"
        assert "starter-1 is live now" in str(dropped.reason)
        assert await life.store.lyrics.num_approved_since_last_run() == 1


async def test_with_training_turned_off_nothing_goes_on(config: Config) -> None:
    run = await begin(config, "Noon Bus")
    off = config.retraining.model_copy(update={"enabled": False})
    async with living(config.model_copy(update={"retraining": off})) as life:
        assert "turned off" in str((await life.stored(run)).reason)
        assert not life.folder(run).exists()


async def test_a_run_that_kills_the_bot_again_and_again_is_given_up(config: Config) -> None:
    run = await begin(config, "Noon Bus")
    plan_path(config).write_text(json.dumps(ENDLESS))
    for _ in range(4):
        async with killed(config):
            pass
    async with living(config) as life:
        given_up = await life.stored(run)
        assert (given_up.state, given_up.num_resumed) == ("interrupted", 3)
        assert "4 times" in str(given_up.reason)
        assert "memory" in str(given_up.reason)


@asynccontextmanager
async def killed(config: Config) -> AsyncIterator[Life]:
    """A life whose run is under way when the bot dies without a word, and its child with it."""
    async with living(config) as life:
        yield life
        active, watch = life.retraining._active, life.retraining._watch
        assert active is not None
        assert watch is not None
        while active.child is None:
            await asyncio.sleep(0.01)
        await active.child.stop()
        watch.cancel()
        await asyncio.wait({watch})
        life.retraining._active = None


@pytest.mark.timeout(300)
async def test_a_real_child_that_is_killed_goes_on_from_what_it_has_kept(
    config: Config,
) -> None:
    slow = config.retraining.model_copy(update={"learning_rate": 0.005, "epochs": 300})
    config = config.model_copy(update={"retraining": slow})
    async with living(config, is_real=True) as life:
        for number in range(3):
            await life.teach_song("Pie Larkin", f"Pie {number}", _WORDS[number:] + _WORDS[:number])
        run = await life.start()
        memory = life.folder(run) / "memory" / "standing.safetensors"
        await life.see(run)
        await asyncio.to_thread(wait_until, memory.exists)
        active = life.retraining._active
        assert active is not None
        assert active.child is not None
        active.ending = "interrupted"
        os.kill(active.child._process.pid, signal.SIGKILL)
        await life.follow(run)
    assert (await _stored(config, run)).state == "interrupted"
    assert memory.exists()
    async with living(config, is_real=True) as life:
        stages = []
        async for progress in life.retraining.subscribe(run.id):
            stages.append(progress.stage)
            if progress.stage not in ("queued", "done"):
                break
        assert stages[-1] in ("artists", "training")  # and nothing is sampled again
        await life.retraining.cancel()
        assert not memory.parent.exists()


async def _stored(config: Config, run: TrainingRun) -> Any:
    async with open_store(config.database.url) as store:
        return await store.training_runs.get(run.id)

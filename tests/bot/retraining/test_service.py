"""A run ends in exactly one verdict, which the files, the database and the followers share."""

import asyncio
import json
import signal
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.errors import CheckpointError, NothingToTrain, TrainingBusy, TrainingDisabled
from bot.generation import GenerationService
from bot.locale import Sentence
from bot.retraining.job import read_job
from bot.retraining.versions import next_version
from bot.store import Store, open_store
from tests.bot.retraining.conftest import (
    BETTER,
    ENDLESS,
    GOOD,
    PROGRESS,
    WORSE,
    Life,
    Plan,
    living,
    plan_path,
)

FULL = Sentence("The disk is full; make room, and start the run again.")


async def test_a_better_candidate_goes_live_everywhere(life: Life) -> None:
    await life.teach("Noon Bus", "Late Bus")
    run = await life.run(GOOD)
    assert run.state == "promoted"
    assert run.reason is not None
    assert "2.91 → 2.44" in str(run.reason)
    assert run.candidate == life.generation.live_version
    assert life.checkpoints == [run.candidate]
    live = await life.store.checkpoints.live()
    assert live is not None
    assert (live.version, live.parent) == (run.candidate, "starter-1")
    pointer = json.loads((life.config.checkpoints_dir / "live.json").read_text())
    assert pointer == {"live": run.candidate, "previous": None}


async def test_what_a_run_learned_is_not_new_to_the_next(life: Life) -> None:
    await life.teach("Noon Bus")
    await life.run(GOOD)
    with pytest.raises(NothingToTrain):
        await life.start()
    await life.teach("Night Bus")
    second = await life.run(GOOD)
    assert second.num_lyrics == 1
    assert second.parent_checkpoint.endswith("-1")
    assert life.generation.live_version.endswith("-2")
    replay = json.loads((life.config.checkpoints_dir / "live.json").read_text())
    assert replay["previous"].endswith("-1")


async def test_a_candidate_that_is_not_better_is_rejected_and_removed(life: Life) -> None:
    await life.teach("Noon Bus")
    run = await life.run([*GOOD[:-1], ("result", WORSE)])
    assert run.state == "rejected"
    assert run.figures["new_songs"] == WORSE["new_songs"]
    assert life.generation.live_version == "starter-1"
    assert life.checkpoints == []
    with pytest.raises(NothingToTrain):  # the same songs would be rejected again
        await life.start()


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ([("say", {"error": FULL.as_data()}), ("exit", 1)], "The disk is full"),
        ([("exit", 3)], "ended with status 3"),
        ([("kill", signal.SIGKILL)], "killed, most likely for want of memory"),
        ([("kill", signal.SIGSEGV)], "signal 11"),
        ([("candidate", None)], "without a result"),
        ([("candidate", None), ("result", [])], "without a result"),
        ([("say", "not json"), ("say", "[1]"), ("half", None), ("exit", 1)], "status 1"),
    ],
)
async def test_a_child_that_fails_leaves_the_live_checkpoint_and_a_reason(
    life: Life, steps: Plan, reason: str
) -> None:
    await life.teach("Noon Bus")
    run = await life.run(steps)
    assert run.state == "failed"
    assert reason in str(run.reason)
    assert life.generation.live_version == "starter-1"
    assert life.checkpoints == []
    again = await life.run(GOOD)  # and its lyrics are still to be learned
    assert again.state == "promoted"


async def test_a_candidate_that_does_not_load_fails_the_run(life: Life) -> None:
    await life.teach("Noon Bus")
    run = await life.run([("result", BETTER)])
    assert run.state == "failed"
    assert "could not go live" in str(run.reason)
    assert life.generation.live_version == "starter-1"
    states = {each.version: each.state for each in await life.store.checkpoints.all()}
    assert sorted(states.values()) == ["live", "rejected"]


async def test_a_pointer_that_cannot_be_written_fails_the_run(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_: GenerationService, folder: Path) -> None:
        raise CheckpointError("live.json cannot be written.", "Make room.")

    monkeypatch.setattr(GenerationService, "swap", refuse)
    await life.teach("Noon Bus")
    run = await life.run(GOOD)
    assert (run.state, life.checkpoints) == ("failed", [])
    live = await life.store.checkpoints.live()
    assert live is not None
    assert live.version == "starter-1"


async def test_a_run_that_cannot_write_its_job_fails(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.retraining.run.write_job", full)
    await life.teach("Noon Bus")
    run = await life.run(GOOD)
    assert run.state == "failed"
    assert "No space left" in str(run.reason)


async def test_a_child_that_hangs_is_ended(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    object.__setattr__(life.retraining._conductor, "max_seconds", 0.5)
    await life.teach("Noon Bus")
    run = await life.run(ENDLESS)
    assert run.state == "failed"
    assert "max_minutes" in str(run.reason)


async def test_cancelling_kills_the_child_and_leaves_nothing(life: Life) -> None:
    await life.teach("Noon Bus")
    life.plan([("say", {**PROGRESS, "eta_s": None}), *ENDLESS])
    run = await life.start()
    await life.see(run)
    child = life.retraining._active.child  # type: ignore[union-attr]
    await life.retraining.cancel()
    stored = await life.stored(run)
    assert stored.state == "cancelled"
    assert "cancelled" in str(stored.reason)
    assert life.checkpoints == []
    assert await child.wait() == -signal.SIGTERM  # type: ignore[union-attr]
    assert (await life.run(GOOD)).state == "promoted"


async def test_a_child_that_ignores_the_request_is_killed(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.retraining.child._SECONDS_TO_END", 0.2)
    await life.teach("Noon Bus")
    life.plan([("ignore", None), *ENDLESS])
    run = await life.start()
    await life.see(run)
    await life.retraining.cancel()
    assert (await life.stored(run)).state == "cancelled"


async def test_cancelling_at_once_and_with_nothing_under_way_is_fine(life: Life) -> None:
    await life.retraining.cancel()
    await life.teach("Noon Bus")
    life.plan(ENDLESS)
    run = await life.start()
    await life.retraining.cancel()
    assert (await life.stored(run)).state == "cancelled"
    await life.retraining.cancel()


async def test_closing_the_bot_interrupts_the_run_until_it_is_back(config: Config) -> None:
    async with living(config) as life:
        await life.teach("Noon Bus")
        life.plan(ENDLESS)
        run = await life.start()
        await life.see(run)
    plan_path(config).write_text(json.dumps(GOOD))
    async with open_store(config.database.url) as store:
        closed = await store.training_runs.get(run.id)
        assert closed is not None
        assert (closed.state, closed.fraction) == ("interrupted", 0.5)
        assert "goes on" in str(closed.reason)
        assert await store.lyrics.num_approved_since_last_run() == 1
    async with living(config) as life:
        assert life.retraining.current is not None
        assert life.retraining.current.fraction == 0.5
        resumed = await life.resumed()
        assert (resumed.id, resumed.state, resumed.num_resumed) == (run.id, "promoted", 0)


async def test_what_is_withdrawn_while_a_run_is_prepared_is_not_learned(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    await life.teach("Noon Bus", "Night Bus")
    noon, night = [each.id for each in await life.store.lyrics.approved()]

    async def withdraw_first(store: Store, folder: Path) -> str:
        await store.lyrics.withdraw(noon)
        return await next_version(store, folder)

    monkeypatch.setattr("bot.retraining.preparation.next_version", withdraw_first)
    life.plan(ENDLESS)
    run = await life.start()
    await life.see(run)
    assert await life.store.training_runs.lyrics_ids(run.id) == [night]
    _, lyrics = read_job(life.config.data_dir / "training" / str(run.id))
    assert [song.title for song in lyrics.songs] == ["Night Bus"]


async def test_one_run_at_a_time(life: Life) -> None:
    await life.teach("Noon Bus")
    life.plan(ENDLESS)
    started = await asyncio.gather(life.start(), life.start(), return_exceptions=True)
    (busy,) = (each for each in started if isinstance(each, BaseException))
    assert isinstance(busy, TrainingBusy)
    assert busy.run_id == 1


async def test_without_new_lyrics_nothing_starts(life: Life) -> None:
    with pytest.raises(NothingToTrain):
        await life.start()
    assert await life.store.training_runs.latest() is None
    assert life.retraining.current is None


async def test_turned_off_nothing_starts(config: Config) -> None:
    off = config.model_copy(
        update={"retraining": config.retraining.model_copy(update={"enabled": False})}
    )
    async with living(off) as life:
        await life.teach("Noon Bus")
        with pytest.raises(TrainingDisabled):
            await life.start()


async def test_followers_see_the_run_and_end_with_the_stored_verdict(life: Life) -> None:
    await life.teach("Noon Bus")
    life.plan([*GOOD[:1], ("wait", "go"), *GOOD[1:]])
    run = await life.start()
    assert life.retraining.current is not None
    early = asyncio.create_task(life.follow(run))
    await life.see(run)
    assert life.retraining.current.stage == "training"
    assert life.retraining.current.loss == 3.25
    async with asyncio.timeout(30):  # followers hear of it before it is written down
        while (stored := await life.stored(run)).stage != "training":
            await asyncio.sleep(0.01)
    assert stored.fraction == 0.5
    late = asyncio.create_task(life.follow(run))
    await asyncio.sleep(0)
    (life.folder(run) / "go").touch()
    for seen in (await early, await late, await life.follow(run)):
        verdict = seen[-1].verdict
        assert verdict is not None
        assert (verdict.state, seen[-1].fraction) == ("promoted", 1.0)
        assert verdict.reason == seen[-1].message == (await life.stored(run)).reason
        assert verdict.curve is not None
        assert all(each.verdict is None for each in seen[:-1])
    assert life.retraining.current is None


async def test_the_curve_of_a_run_can_be_had_afterwards(life: Life) -> None:
    await life.teach("Noon Bus")
    run = await life.run(GOOD)
    assert life.retraining.curve(run.id) == b"a picture"
    assert life.retraining.curve(99) is None
    assert await life.follow(run.__class__(**{**_fields(run), "id": 99})) == []


async def test_members_words_leave_the_job_folder_with_the_run(life: Life) -> None:
    await life.teach("Noon Bus")
    run = await life.run(GOOD)
    kept = {path.name for path in life.folder(run).iterdir()}
    assert kept == {"job.json", "result.json", "curve.png", "child.log"}
    assert all("bus" not in path.read_text().casefold() for path in life.folder(run).glob("*.json"))


async def test_a_run_that_can_no_longer_be_stored_blocks_no_later_one(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OSError(5, "Input/output error")

    await life.teach("Noon Bus")
    with monkeypatch.context() as patched:
        patched.setattr("bot.retraining.service.erase_lyrics", fail)
        run = await life.run(ENDLESS[:2])
    assert run.state == "running"
    life.plan(GOOD)
    with pytest.raises(TrainingBusy):  # it is tried again first
        await life.start()
    assert (await life.resumed()).state == "promoted"


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


async def test_a_run_leaves_out_who_was_removed_and_says_how_many(life: Life) -> None:
    await life.teach("Noon Bus")
    await life.teach("Night Bus", artist="Roof Fox")
    await life.store.removals.add("roof fox", None)
    run = await life.run(GOOD)
    assert (run.num_lyrics, run.figures["left_out"]) == (1, 1)

"""Going back takes one order, is the same in files and database, and cannot be half done."""

import asyncio
import json
from typing import Any

import pytest

from bot.config import Config
from bot.errors import AlreadyLive, CheckpointError, NoSuchCheckpoint, NothingBefore
from bot.generation.dispatcher import Dispatcher
from bot.generation.registry import CheckpointRegistry
from bot.retraining import ModelVersions
from bot.store.checkpoints import CheckpointStore
from tests.bot.retraining.conftest import ENDLESS, GOOD, Life, living
from tests.bot.retraining.test_recovery import Killed, die


def versions_of(life: Life) -> ModelVersions:
    return ModelVersions(
        life.config, life.store, life.generation, life.retraining.cancel, life.trial
    )


async def two_runs(life: Life) -> tuple[str, str]:
    """The candidates of two runs, the second of which is live."""
    made = []
    for title in ("Noon Bus", "Night Bus"):
        await life.teach(title)
        made.append(str((await life.run(GOOD)).candidate))
    return made[0], made[1]


async def agreed(life: Life) -> str:
    """The live version, on which files, database and engine agree."""
    pointer = json.loads((life.config.checkpoints_dir / "live.json").read_text())
    live = await life.store.checkpoints.live()
    assert live is not None
    assert life.generation.live_version == live.version == (pointer["live"] or "starter-1")
    return live.version


async def test_a_version_tells_what_it_learned_from_whom_it_comes_and_what_it_measured(
    life: Life,
) -> None:
    first, second = await two_runs(life)
    listed = await versions_of(life).all()
    assert [each.name for each in listed] == [second, first, "starter-1"]
    assert [each.record.parent for each in listed] == [first, "starter-1", None]
    assert [each.record.state for each in listed] == ["live", "retired", "retired"]
    assert listed[0].lesson is not None
    assert [(each.artist, each.num_songs) for each in listed[0].lesson.songs] == [
        ("Kettle Jones", 1)
    ]
    assert listed[0].record.figures["new_songs"] == {"live": 2.91, "candidate": 2.44}
    assert await versions_of(life).picture(listed[0]) == b"a picture"
    assert await versions_of(life).picture(listed[2]) is None


async def test_rolling_back_leads_to_the_parent_and_says_who_did_it(life: Life) -> None:
    first, second = await two_runs(life)
    versions = versions_of(life)
    assert (await versions.before_live()).name == first
    back = await versions.roll_back(first, 77)
    assert (back.is_live, back.record.promoted_by) == (True, 77)
    assert await agreed(life) == first
    assert (await versions.find(second)).record.state == "retired"
    assert (await versions.before_live()).name == "starter-1"
    await versions.roll_back("starter-1", 77)
    assert await agreed(life) == "starter-1"
    with pytest.raises(NothingBefore):
        await versions.before_live()
    await versions.roll_back(second, 78)  # and there again
    assert await agreed(life) == second


async def test_it_outlives_a_restart_and_later_runs_start_from_it(config: Config) -> None:
    async with living(config) as life:
        first, second = await two_runs(life)
        await versions_of(life).roll_back(first, 77)
    async with living(config) as life:
        assert await agreed(life) == first
        await life.teach("Tram")
        run = await life.run(GOOD)
        assert (run.state, run.parent_checkpoint) == ("promoted", first)
        assert run.candidate != second


async def test_a_run_under_way_ends_with_what_it_is_based_on(life: Life) -> None:
    first, _ = await two_runs(life)
    await life.teach("Tram")
    life.plan(ENDLESS)
    run = await life.start()
    await life.see(run)
    await versions_of(life).roll_back(first, 77)
    assert (await life.stored(run)).state == "cancelled"
    assert await agreed(life) == first


async def test_a_candidate_based_on_what_was_undone_does_not_go_live(life: Life) -> None:
    first, _ = await two_runs(life)
    await life.teach("Tram")
    life.plan([*GOOD[:1], ("wait", "go"), *GOOD[1:]])
    run = await life.start()
    await life.see(run)

    async def leave_it() -> None:
        pass

    versions = ModelVersions(life.config, life.store, life.generation, leave_it, life.trial)
    await versions.roll_back(first, 77)
    (life.folder(run) / "go").touch()
    await life.follow(run)
    assert (await life.stored(run)).state == "failed"
    assert "is live by now" in str((await life.stored(run)).reason)
    assert await agreed(life) == first


async def test_there_is_no_way_to_what_is_live_unknown_or_gone(life: Life) -> None:
    first, second = await two_runs(life)
    versions = versions_of(life)
    with pytest.raises(AlreadyLive):
        await versions.roll_back(second, 77)
    with pytest.raises(NoSuchCheckpoint):
        await versions.roll_back("2020-01-01-1", 77)
    (life.config.checkpoints_dir / first).rename(life.config.data_dir / "elsewhere")
    assert (await versions.find(first)).folder is None
    with pytest.raises(NoSuchCheckpoint):
        await versions.roll_back(first, 77)
    assert (await versions.before_live()).name == "starter-1"
    assert await agreed(life) == second


@pytest.mark.parametrize("damage", ["cut", "another"])
async def test_a_damaged_version_changes_nothing(life: Life, damage: str) -> None:
    first, second = await two_runs(life)
    folder = life.config.checkpoints_dir / first
    if damage == "cut":
        (folder / "weights.safetensors").write_bytes(b"")
    else:
        manifest = json.loads((folder / "manifest.json").read_text())
        (folder / "manifest.json").write_text(json.dumps(manifest | {"version": "other"}))
    with pytest.raises(CheckpointError):
        await versions_of(life).roll_back(first, 77)
    assert await agreed(life) == second


@pytest.mark.parametrize(
    ("owner", "name", "is_back"),
    [
        (Dispatcher, "open", False),
        (CheckpointRegistry, "promote", False),
        (Dispatcher, "go_live", True),
        (CheckpointStore, "promote", True),
    ],
)
async def test_cut_anywhere_the_next_start_is_before_or_after(
    config: Config, owner: type, name: str, is_back: bool
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        async with living(config) as life:
            first, second = await two_runs(life)
            patched.setattr(owner, name, die)
            with pytest.raises(Killed):
                await versions_of(life).roll_back(first, 77)
            patched.undo()
    async with living(config) as life:
        assert await agreed(life) == (first if is_back else second)


async def test_two_at_once_come_one_after_the_other(life: Life) -> None:
    first, _ = await two_runs(life)
    versions = versions_of(life)
    orders: Any = (versions.roll_back(name, 77) for name in (first, "starter-1"))
    done = await asyncio.gather(*orders)
    assert [each.name for each in done] == [first, "starter-1"]
    assert await agreed(life) == "starter-1"


async def test_a_pin_says_whose_it_is_until_it_goes(life: Life) -> None:
    first, _ = await two_runs(life)
    versions = versions_of(life)
    pinned = await versions.pin(first, 77)
    assert pinned.record.pinned_at is not None
    assert pinned.record.pinned_by == 77
    assert (await versions.find(pinned.key)).name == first
    assert (await versions.unpin(first)).record.pinned_at is None
    with pytest.raises(NoSuchCheckpoint):
        await versions.pin("2020-01-01-1", 77)

"""Old versions leave the disk, never one that somebody may need, and folders and rows agree."""

import json
from typing import Any

import pytest

from bot.config import Config
from bot.retraining import pruning
from bot.retraining.pruning import prune_versions
from bot.store import NewCheckpoint, Store, open_store
from bot.store.checkpoints import CheckpointStore
from tests.bot.retraining.conftest import GOOD, Life, living


async def versions(store: Store, config: Config, num: int, *, parent: str = "starter-1") -> None:
    """v1 to v`num`, each live in its turn and the child of the one before."""
    for number in range(1, num + 1):
        name = f"v{number}"
        await store.checkpoints.record(NewCheckpoint(version=name, folder=name, parent=parent))
        await store.checkpoints.promote(name)
        (config.checkpoints_dir / name).mkdir(parents=True)
        parent = name
    point(config, f"v{num}", f"v{num - 1}")


def point(config: Config, live: str, previous: str) -> None:
    content = json.dumps({"live": live, "previous": previous})
    (config.checkpoints_dir / "live.json").write_text(content)


def folders(config: Config) -> set[str]:
    return {path.name for path in config.checkpoints_dir.iterdir() if path.is_dir()}


@pytest.fixture
async def store(config: Config) -> Any:
    async with open_store(config.database.url) as opened:
        yield opened


async def prune(store: Store, config: Config, num_kept: int, *in_use: str) -> list[str]:
    return await prune_versions(store, config.checkpoints_dir, num_kept, in_use)


async def test_the_oldest_go_and_their_rows_stay(store: Store, config: Config) -> None:
    await versions(store, config, 6)
    assert await prune(store, config, 3) == ["v1", "v2"]
    assert folders(config) == {"v3", "v4", "v5", "v6"}
    gone = await store.checkpoints.get("v1")
    assert gone is not None
    assert gone.pruned_at is not None
    assert await prune(store, config, 3) == []


async def test_what_somebody_may_need_stays_however_old(store: Store, config: Config) -> None:
    await versions(store, config, 8)
    await store.checkpoints.pin("v1", 7)
    await store.checkpoints.promote("v3")  # a way back: its parent is v2
    point(config, "v3", "v8")
    await store.checkpoints.record(NewCheckpoint(version="v9", folder="v9", parent="v3"))
    (config.checkpoints_dir / "v9").mkdir()
    assert set(await prune(store, config, 1, "v5")) == {"v4", "v6", "v7"}
    assert folders(config) == {"v1", "v2", "v3", "v5", "v8", "v9"}


async def test_a_rejected_version_and_halves_of_ours_go_and_strangers_stay(
    store: Store, config: Config
) -> None:
    await versions(store, config, 2)
    await store.checkpoints.record(NewCheckpoint(version="bad", folder="bad", parent="v2"))
    await store.checkpoints.reject("bad")
    for name in ("bad", ".v1-half", "my-own-copy", ".git-something"):
        (config.checkpoints_dir / name).mkdir()
    (config.checkpoints_dir / ".live-abc").write_text("half a pointer")
    assert await prune(store, config, 10) == ["bad"]
    assert folders(config) == {"v1", "v2", "my-own-copy", ".git-something"}
    assert not (config.checkpoints_dir / ".live-abc").exists()


async def test_without_a_pointer_that_can_be_read_nothing_goes(
    store: Store, config: Config
) -> None:
    await versions(store, config, 4)
    (config.checkpoints_dir / "live.json").write_text("not json")
    assert await prune(store, config, 1) == []
    assert len(folders(config)) == 4


async def test_a_crash_between_row_and_folder_is_made_good(
    store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    await versions(store, config, 4)
    with monkeypatch.context() as patched:
        patched.setattr(pruning, "remove_candidate", die)
        with pytest.raises(Killed):
            await prune(store, config, 1)
    assert "v1" in folders(config)
    assert await prune(store, config, 1) == ["v1", "v2"]
    assert folders(config) == {"v3", "v4"}


async def test_one_that_is_pinned_at_the_last_moment_stays(
    store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    await versions(store, config, 4)
    note = CheckpointStore.note_pruned

    async def pin_first(self: CheckpointStore, version: str) -> Any:
        await self.pin(version, 7)
        return await note(self, version)

    monkeypatch.setattr(CheckpointStore, "note_pruned", pin_first)
    assert await prune(store, config, 1) == []
    assert len(folders(config)) == 4


async def test_runs_keep_the_disk_bounded_and_the_way_back_open(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = config.retraining.model_copy(update={"keep_versions": 1})
    async with living(config.model_copy(update={"retraining": few})) as life:
        names = [await learned(life, title) for title in ("One", "Two", "Three", "Four")]
        assert life.checkpoints == names[-2:]
        assert life.generation.live_version == names[-1]

        def fail(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(pruning, "_sweep", fail)
        assert await learned(life, "Five") == life.generation.live_version


async def learned(life: Life, title: str) -> str:
    await life.teach(title)
    run = await life.run(GOOD)
    assert run.state == "promoted", run.reason
    return str(run.candidate)

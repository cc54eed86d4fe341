"""Two processes never train at once, whatever becomes of the one that began."""

import asyncio
from pathlib import Path

import pytest

from bot.config import Config
from bot.errors import DatabaseError, OutdatedProcess, TrainingElsewhere
from bot.retraining.lease import TrainingLease
from bot.retraining.lock import FolderLock
from bot.store import Store
from bot.store.leases import LeaseStore
from tests.bot.retraining.conftest import ENDLESS, GOOD, Life, living

LONG = 600.0


@pytest.fixture
def elsewhere(config: Config, tmp_path: Path) -> Config:
    """The same database, seen from a machine with a data folder of its own."""
    return config.model_copy(update={"data_dir": tmp_path / "elsewhere"})


def lease_of(store: Store, folder: Path, seconds: float = LONG) -> TrainingLease:
    return TrainingLease(store.leases, FolderLock(folder / ".lock"), seconds=seconds)


@pytest.mark.parametrize("is_same_folder", [True, False])
async def test_a_second_process_says_who_trains_and_leaves_the_run_alone(
    life: Life, elsewhere: Config, is_same_folder: bool
) -> None:
    await life.teach("Noon Bus")
    life.plan(ENDLESS)
    run = await life.start()
    await life.see(run)
    async with living(life.config if is_same_folder else elsewhere) as other:
        with pytest.raises(TrainingElsewhere, match=r"process \d+ on .* until \d\d:\d\d:\d\d UTC"):
            await other.start()
    assert (await life.stored(run)).state == "running"
    assert life.folder(run).exists()


async def test_the_second_process_may_train_when_the_first_has_ended(
    life: Life, elsewhere: Config
) -> None:
    async with living(elsewhere) as other:
        await life.teach("Noon Bus")
        assert (await life.run([("exit", 1)])).state == "failed"
        assert (await other.run(GOOD)).state == "promoted"
        with pytest.raises(OutdatedProcess):  # the first one still writes by the old checkpoint
            await life.start()


async def test_a_run_that_loses_its_lease_ends_and_touches_nothing(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.retraining.lease._NUM_RENEWALS", 1000)
    await life.teach("Noon Bus")
    life.plan(ENDLESS)
    run = await life.start()
    await life.see(run)
    child = life.retraining._active.child  # type: ignore[union-attr]

    async def taken(*_: object, **__: object) -> bool:
        return False

    monkeypatch.setattr(LeaseStore, "renew", taken)
    verdict = (await life.follow(run))[-1].verdict
    assert verdict is not None
    assert "left to others" in str(verdict.reason)
    assert await child.wait() != 0  # type: ignore[union-attr]
    assert life.retraining.current is None
    assert (await life.stored(run)).state == "running"
    assert life.folder(run).exists()


async def test_a_result_that_comes_after_the_lease_is_lost_goes_nowhere(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    await life.teach("Noon Bus")
    life.plan([*GOOD[:1], ("wait", "go"), *GOOD[1:]])
    run = await life.start()
    await life.see(run)

    async def taken(*_: object, **__: object) -> bool:
        return False

    monkeypatch.setattr(LeaseStore, "renew", taken)
    (life.folder(run) / "go").touch()
    await life.follow(run)
    assert life.generation.live_version == "starter-1"
    assert (await life.stored(run)).state == "running"


async def test_while_the_database_does_not_answer_the_lease_is_kept_to_its_end_and_no_longer(
    life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease = lease_of(life.store, tmp_path / "other", seconds=2.0)
    await lease.acquire()

    async def fail(*_: object, **__: object) -> bool:
        raise DatabaseError("It is locked.")

    monkeypatch.setattr(LeaseStore, "renew", fail)
    assert await lease.is_held()
    async with asyncio.timeout(30):
        await lease.keep(lambda moment: None)
    assert not await lease.is_held()
    await lease.close()


async def test_a_killed_process_is_inherited_at_once_by_the_next_with_its_folder(
    life: Life, tmp_path: Path
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    killed, early, heir, stranger = (
        lease_of(life.store, folder) for folder in (here, here, here, there)
    )
    await killed.acquire()
    with pytest.raises(TrainingElsewhere):  # the lock is held
        await early.acquire()
    killed._lock.release()  # as its death does
    with pytest.raises(TrainingElsewhere):  # knows nothing of a death
        await stranger.acquire()
    await heir.acquire()
    assert not await killed.is_held()
    await heir.close()
    await stranger.acquire()
    await stranger.close()


async def test_who_waits_goes_on_with_what_a_dead_process_elsewhere_has_left(
    life: Life, elsewhere: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.retraining.service._SECONDS_BETWEEN_TURNS", 0.02)
    await life.teach("Noon Bus")
    life.plan(ENDLESS)
    run = await life.start()
    await life.see(run)
    async with living(elsewhere) as other:
        other.plan(GOOD)
        assert other.retraining.current is None
        await asyncio.sleep(0.2)
        assert other.retraining.current is None
        active = life.retraining._active
        assert active is not None
        await active.end("lost")  # its process may train no longer
        async with asyncio.timeout(60):
            while other.retraining.current is None:
                await asyncio.sleep(0.01)
        assert (await other.resumed()).state == "promoted"
        assert (await other.stored(run)).num_resumed == 1

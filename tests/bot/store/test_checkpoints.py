"""At most one checkpoint is live, and a change of it is all or nothing."""

import asyncio

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from bot.errors import NoSuchCheckpoint
from bot.store import Store
from bot.store.tables import CheckpointRow
from tests.bot.store.examples import new_checkpoint


async def record(store: Store, *versions: str) -> None:
    for version in versions:
        await store.checkpoints.record(new_checkpoint(version))


async def states(store: Store) -> dict[str, str]:
    return {each.version: each.state for each in await store.checkpoints.all()}


async def test_a_recorded_checkpoint_is_a_candidate_and_not_live(store: Store) -> None:
    figures = {"languages": {"en": {"bits_per_character": 1.8}}}
    given = new_checkpoint("two", parent="starter", figures=figures)
    recorded = await store.checkpoints.record(given)
    assert (recorded.state, recorded.parent, recorded.figures) == ("candidate", "starter", figures)
    assert await store.checkpoints.get("two") == recorded
    assert await store.checkpoints.live() is None


async def test_recording_a_version_again_renews_its_data_and_keeps_its_state(store: Store) -> None:
    await record(store, "starter")
    await store.checkpoints.promote("starter")
    again = await store.checkpoints.record(new_checkpoint("starter", folder="elsewhere"))
    assert (again.state, again.folder) == ("live", "elsewhere")
    assert len(await store.checkpoints.all()) == 1


async def test_promotion_retires_the_one_before(store: Store) -> None:
    await record(store, "one", "two")
    await store.checkpoints.promote("one")
    promoted = await store.checkpoints.promote("two")
    assert promoted.promoted_at is not None
    assert await store.checkpoints.live() == promoted
    assert await states(store) == {"one": "retired", "two": "live"}


async def test_the_way_back_leads_to_the_one_that_was_live_last(store: Store) -> None:
    await record(store, "one", "two", "three", "never live")
    for version in ("one", "two", "three"):
        await store.checkpoints.promote(version)
    assert [each.version for each in await store.checkpoints.retired()] == ["two", "one"]
    await store.checkpoints.promote("two")
    assert [each.version for each in await store.checkpoints.retired()] == ["three", "one"]


async def test_promoting_the_live_one_changes_nothing(store: Store) -> None:
    await record(store, "one")
    promoted = await store.checkpoints.promote("one")
    assert await store.checkpoints.promote("one") == promoted


async def test_an_unknown_or_rejected_version_cannot_go_live(store: Store) -> None:
    await record(store, "one", "bad")
    await store.checkpoints.promote("one")
    await store.checkpoints.reject("bad")
    for version in ("bad", "unknown"):
        with pytest.raises(NoSuchCheckpoint):
            await store.checkpoints.promote(version)
    assert await states(store) == {"one": "live", "bad": "rejected"}


async def test_only_a_candidate_can_be_rejected(store: Store) -> None:
    await record(store, "one")
    await store.checkpoints.promote("one")
    with pytest.raises(NoSuchCheckpoint):
        await store.checkpoints.reject("one")


async def test_promotions_at_once_leave_exactly_one_live(store: Store) -> None:
    versions = [f"v{number}" for number in range(8)]
    await record(store, *versions)
    await asyncio.gather(*(store.checkpoints.promote(version) for version in versions))
    assert sorted((await states(store)).values()) == ["live"] + ["retired"] * 7


async def test_the_table_itself_refuses_a_second_live_one(store: Store) -> None:
    await record(store, "one", "two")
    with pytest.raises(IntegrityError):
        async with store.database.writer() as session:
            await session.execute(update(CheckpointRow).values(state="live"))

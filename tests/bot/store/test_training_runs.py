"""One run at a time, and what a restart makes of it."""

import asyncio

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from bot.errors import NoSuchRun, TrainingBusy
from bot.store import Store, TrainingRun, open_store
from bot.store.tables import TrainingRunRow
from tests.bot.store.examples import song


async def start(store: Store, *lyrics_ids: int) -> TrainingRun:
    return await store.training_runs.start(
        trigger="command", requested_by=2**62, parent_checkpoint="starter", lyrics_ids=lyrics_ids
    )


async def test_a_started_run_is_running_with_its_lyrics(store: Store) -> None:
    await store.lyrics.import_songs([song("One", "one"), song("Two", "two")])
    ids = [each.id for each in await store.lyrics.approved()]
    run = await start(store, *ids, ids[0])
    assert (run.state, run.num_lyrics, run.fraction) == ("running", 2, 0.0)
    assert await store.training_runs.latest() == run
    assert await store.training_runs.get(run.id) == run


async def test_of_runs_started_at_once_only_one_starts(url: str) -> None:
    async with open_store(url) as one, open_store(url) as other:
        results = await asyncio.gather(
            *(start(each) for each in (one, other, one, other)), return_exceptions=True
        )
    assert sorted(type(each).__name__ for each in results) == ["TrainingBusy"] * 3 + ["TrainingRun"]


async def test_a_busy_store_names_the_run(store: Store) -> None:
    run = await start(store)
    with pytest.raises(TrainingBusy) as refused:
        await start(store)
    assert refused.value.run_id == run.id


async def test_progress_is_kept_and_figures_add_up(store: Store) -> None:
    run = await start(store)
    await store.training_runs.progress(run.id, stage="tuning", fraction=0.25, figures={"loss": 2})
    await store.training_runs.progress(run.id, stage="measuring", fraction=0.9)
    finished = await store.training_runs.finish(
        run.id, "promoted", candidate="v2", reason="better", figures={"bits_per_character": 1.7}
    )
    assert finished.figures == {"loss": 2, "bits_per_character": 1.7}
    assert (finished.state, finished.stage, finished.fraction) == ("promoted", "measuring", 1.0)
    assert (finished.candidate, finished.reason) == ("v2", "better")
    assert finished.finished_at is not None
    assert await store.training_runs.get(run.id) == finished


async def test_late_news_of_an_ended_run_is_dropped(store: Store) -> None:
    run = await start(store)
    ended = await store.training_runs.finish(run.id, "cancelled")
    assert not await store.training_runs.progress(run.id, stage="tuning", fraction=0.5)
    assert not await store.training_runs.progress(404, stage="tuning", fraction=0.5)
    assert await store.training_runs.get(run.id) == ended


async def test_a_run_ends_once(store: Store) -> None:
    run = await start(store)
    await store.training_runs.finish(run.id, "failed", reason="The disk is full.")
    with pytest.raises(NoSuchRun):
        await store.training_runs.finish(run.id, "promoted")
    with pytest.raises(NoSuchRun):
        await store.training_runs.finish(404, "failed")


async def test_a_restart_marks_what_was_running_interrupted_and_makes_room(store: Store) -> None:
    done = await start(store)
    await store.training_runs.finish(done.id, "promoted")
    lost = await start(store)
    assert await store.training_runs.mark_interrupted() == 1
    assert await store.training_runs.mark_interrupted() == 0
    found = await store.training_runs.get(lost.id)
    assert found is not None
    assert (found.state, bool(found.reason), bool(found.finished_at)) == ("interrupted", True, True)
    assert (await start(store)).state == "running"


async def test_the_last_finished_run_is_the_last_with_a_verdict(store: Store) -> None:
    assert await store.training_runs.latest() is None
    assert await store.training_runs.last_finished() is None
    rejected = await start(store)
    await store.training_runs.finish(rejected.id, "rejected")
    failed = await start(store)
    await store.training_runs.finish(failed.id, "failed")
    last = await store.training_runs.last_finished()
    assert last is not None
    assert last.id == rejected.id
    assert [each.id for each in await store.training_runs.recent()] == [failed.id, rejected.id]


async def test_the_table_itself_refuses_a_second_running_one(store: Store) -> None:
    await start(store)
    async with store.database.reader() as session:
        row = (await session.execute(select(TrainingRunRow.__table__))).one()
    with pytest.raises(IntegrityError):
        async with store.database.writer() as session:
            await session.execute(insert(TrainingRunRow).values({**row._mapping, "id": row.id + 1}))

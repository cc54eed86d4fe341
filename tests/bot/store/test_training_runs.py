"""One run at a time, and what a restart makes of it."""

import asyncio

import pytest
from sqlalchemy import insert, select
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError

from bot.errors import NoSuchRun, NothingToTrain, TrainingBusy
from bot.locale import Sentence
from bot.store import RunMessage, Store, TrainingRun, open_store
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


async def test_what_was_withdrawn_since_it_was_looked_up_is_none_of_the_run(store: Store) -> None:
    await store.lyrics.import_songs([song("One", "one"), song("Two", "two")])
    one, two = [each.id for each in await store.lyrics.approved()]
    await store.lyrics.withdraw(one)
    with pytest.raises(NothingToTrain):
        await start(store, one)
    assert await store.training_runs.latest() is None
    run = await start(store, one, two)
    assert run.num_lyrics == 1
    assert await store.training_runs.lyrics_ids(run.id) == [two]


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
        run.id,
        "promoted",
        candidate="v2",
        reason=Sentence.verbatim("better"),
        figures={"bits_per_character": 1.7},
    )
    assert finished.figures == {"loss": 2, "bits_per_character": 1.7}
    assert (finished.state, finished.stage, finished.fraction) == ("promoted", "measuring", 1.0)
    assert (finished.candidate, str(finished.reason)) == ("v2", "better")
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
    await store.training_runs.finish(
        run.id, "failed", reason=Sentence.verbatim("The disk is full.")
    )
    with pytest.raises(NoSuchRun):
        await store.training_runs.finish(run.id, "promoted")
    with pytest.raises(NoSuchRun):
        await store.training_runs.finish(404, "failed")


async def test_a_run_that_died_with_its_process_is_dropped_with_a_reason(store: Store) -> None:
    run = await start(store)
    dropped = await store.training_runs.drop(run.id, Sentence.verbatim("It was given up."))
    assert (dropped.state, str(dropped.reason)) == ("interrupted", "It was given up.")
    assert dropped.finished_at is not None
    assert (await start(store)).id == run.id + 1


async def test_a_resumed_run_runs_on_what_is_left_and_counts_crashes_only(store: Store) -> None:
    await store.lyrics.import_songs([song("One", "one"), song("Two", "two")])
    ids = [each.id for each in await store.lyrics.approved()]
    run = await start(store, *ids)
    resumed = await store.training_runs.resume(run.id, ids[:1])
    assert (resumed.state, resumed.num_resumed, resumed.num_lyrics) == ("running", 1, 1)
    assert await store.training_runs.lyrics_ids(run.id) == ids[:1]
    await store.training_runs.finish(run.id, "interrupted")
    again = await store.training_runs.resume(run.id, ids[:1])
    assert (again.state, again.num_resumed, again.finished_at) == ("running", 1, None)


async def test_a_run_with_a_verdict_is_neither_dropped_nor_resumed(store: Store) -> None:
    run = await start(store)
    await store.training_runs.finish(run.id, "rejected")
    with pytest.raises(NoSuchRun):
        await store.training_runs.drop(run.id, Sentence.verbatim(""))
    with pytest.raises(NoSuchRun):
        await store.training_runs.resume(run.id, [])


async def test_the_message_of_a_run_is_remembered(store: Store) -> None:
    run = await start(store)
    assert await store.training_runs.message(run.id) is None
    message = RunMessage(2**62, 2**62 + 1, 2**62 + 2, "zh-CN")
    await store.training_runs.show_in(run.id, message)
    assert await store.training_runs.message(run.id) == message


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


async def test_a_reason_is_kept_so_that_it_can_be_read_in_any_language(store: Store) -> None:
    run = await start(store)
    bits = Sentence("{live} → {candidate} bits per character", {"live": "2.9", "candidate": "2.4"})
    reason = Sentence("{reason} The live checkpoint stays.", {"reason": bits})
    await store.training_runs.finish(run.id, "rejected", reason=reason)
    found = await store.training_runs.get(run.id)
    assert found is not None
    assert found.reason == reason


@pytest.mark.parametrize("text", ["The disk is full {again}.", '{"template": 1}', "[]", "7"])
async def test_a_reason_from_before_sentences_is_read_as_it_stands(store: Store, text: str) -> None:
    run = await start(store)
    async with store.database.writer() as session:
        connection = await session.connection()
        await connection.execute(
            sql("UPDATE training_runs SET reason = :text WHERE id = :id"),
            {"text": text, "id": run.id},
        )
    found = await store.training_runs.get(run.id)
    assert found is not None
    assert str(found.reason) == text

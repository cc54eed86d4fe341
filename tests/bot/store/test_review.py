"""Decisions on many are one transaction, stay within a server, and can be taken back."""

import asyncio
from typing import Any

import pytest

from bot.errors import CannotTakeBack, NoSuchLyrics, OwnSubmission, ReviewQueueChanged
from bot.store import InReview, Lyrics, Store, SubmitterRecord, Verdict
from tests.bot.store.examples import new_lyrics, song

HERE = InReview(guild_id=7)


async def submit(store: Store, *texts: str, **changes: Any) -> list[Lyrics]:
    return [await store.lyrics.submit(new_lyrics(text=text, **changes)) for text in texts]


async def states(store: Store) -> list[str]:
    found = [await store.lyrics.get(number) for number in range(1, 20)]
    return [each.state for each in found if each is not None]


async def test_one_walks_through_the_queue_both_ways_and_comes_round(store: Store) -> None:
    await submit(store, "one", "two", "three")
    forth = [await store.review.next(HERE, after) for after in (0, 1, 2, 3)]
    back = [await store.review.previous(HERE, before) for before in (3, 2, 1)]
    assert [each and each.id for each in forth] == [1, 2, 3, 1]
    assert [each and each.id for each in back] == [2, 1, 3]
    assert await store.review.next(InReview(guild_id=8)) is None


async def test_the_queue_is_told_apart_by_member_and_by_doubts(store: Store) -> None:
    await submit(store, "clear", findings={"num_flags": 0})
    await submit(store, "doubtful", findings={"num_flags": 2})
    await submit(store, "never looked at", submitter_id=12)

    async def meant(**which: Any) -> list[str]:
        found = await store.review.oldest(InReview(guild_id=7, **which), limit=9)
        assert await store.review.num(InReview(guild_id=7, **which)) == len(found)
        return [each.text for each in found]

    assert await meant(is_flagged=False) == ["clear"]
    assert await meant(is_flagged=True) == ["doubtful"]
    assert await meant(submitter_id=12) == ["never looked at"]
    assert await meant(not_by=11) == ["never looked at"]


async def test_all_are_decided_on_with_who_when_and_why(store: Store) -> None:
    await submit(store, "one", "two")
    await submit(store, "elsewhere", guild_id=8)
    decided = await store.review.decide_all(HERE, False, 99, "duplicate", up_to_id=3, expected=2)
    assert {(each.state, each.reviewer_id, each.reason) for each in decided} == {
        ("refused", 99, "duplicate")
    }
    assert len({each.reviewed_at for each in decided}) == 1
    assert await states(store) == ["refused", "refused", "pending"]


async def test_what_came_since_it_was_shown_is_not_decided_on(store: Store) -> None:
    await submit(store, "one", "two", "three")
    await store.review.decide_all(HERE, True, 99, up_to_id=2, expected=2)
    assert await states(store) == ["approved", "approved", "pending"]


async def test_when_somebody_else_decided_meanwhile_nothing_is(store: Store) -> None:
    await submit(store, "one", "two", "three")
    await store.lyrics.review(2, True, reviewer_id=98)
    with pytest.raises(ReviewQueueChanged) as refused:
        await store.review.decide_all(HERE, False, 99, up_to_id=3, expected=3)
    assert (refused.value.expected, refused.value.found) == (3, 2)
    assert await states(store) == ["pending", "approved", "pending"]


async def test_of_two_who_decide_on_all_at_once_one_does(store: Store) -> None:
    await submit(store, "one", "two")
    results = await asyncio.gather(
        store.review.decide_all(HERE, True, 98, up_to_id=2, expected=2),
        store.review.decide_all(HERE, False, 99, up_to_id=2, expected=2),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in results) == ["ReviewQueueChanged", "list"]
    assert len(set(await states(store))) == 1


async def test_a_decision_is_taken_back_by_who_made_it_and_with_all_that_it_was(
    store: Store,
) -> None:
    await submit(store, "one", "two", "three")
    decided = await store.review.decide_all(HERE, True, 99, up_to_id=2, expected=2)
    await store.lyrics.review(3, True, reviewer_id=99)
    moment = decided[0].reviewed_at
    assert moment is not None
    for guild_id, reviewer_id in ((7, 98), (8, 99)):
        with pytest.raises(CannotTakeBack):
            await store.review.take_back(guild_id, reviewer_id, moment)
    back = await store.review.take_back(7, 99, moment)
    assert [(each.id, each.state, each.reviewer_id, each.reason) for each in back] == [
        (1, "pending", None, None),
        (2, "pending", None, None),
    ]
    assert await states(store) == ["pending", "pending", "approved"]
    with pytest.raises(CannotTakeBack):
        await store.review.take_back(7, 99, moment)


@pytest.mark.parametrize(
    ("verdict", "stands"),
    [(None, True), ("promoted", True), ("rejected", True), ("failed", False), ("cancelled", False)],
)
async def test_what_a_run_learns_from_cannot_be_taken_back(
    store: Store, verdict: Verdict | None, stands: bool
) -> None:
    await submit(store, "one", "two")
    decided = await store.review.decide_all(HERE, True, 99, up_to_id=2, expected=2)
    run = await store.training_runs.start(
        trigger="command", requested_by=1, parent_checkpoint="starter", lyrics_ids=[1]
    )
    if verdict is not None:
        await store.training_runs.finish(run.id, verdict)
    moment = decided[0].reviewed_at
    assert moment is not None
    back = await store.review.take_back(7, 99, moment)
    assert [each.id for each in back] == ([2] if stands else [1, 2])


async def test_who_may_not_approve_their_own_may_refuse_it(store: Store) -> None:
    await submit(store, "one", submitter_id=99)
    with pytest.raises(OwnSubmission):
        await store.lyrics.review(1, True, 99, guild_id=7, may_own=False)
    assert await states(store) == ["pending"]
    await store.lyrics.review(1, False, 99, guild_id=7, may_own=False)
    with pytest.raises(NoSuchLyrics):
        await store.lyrics.review(1, True, 99, guild_id=8, may_own=False)


async def test_a_members_record_is_that_of_one_server(store: Store) -> None:
    await submit(store, "one", "two", "three")
    await submit(store, "elsewhere", guild_id=8)
    await store.lyrics.review(1, True, reviewer_id=99)
    await store.lyrics.review(2, False, reviewer_id=99)
    assert await store.review.record_of(11, 7) == SubmitterRecord(
        num_pending=1, num_approved=1, num_refused=1
    )
    assert await store.review.record_of(12, 7) == SubmitterRecord()


async def test_a_server_sees_its_own_lyrics_and_the_shared_ones(store: Store) -> None:
    await submit(store, "here")
    await submit(store, "there", guild_id=8)
    await store.lyrics.import_songs([song("Shared", "shared words")])
    withdrawn = (await submit(store, "withdrawn"))[0]
    await store.lyrics.withdraw(withdrawn.id)
    seen = await store.review.visible([1, 2, 3, 4], 7)
    assert [each.text for each in seen] == ["here", "shared words"]
    texts = await store.review.pieces("lyrics", after_id=1, limit=9)
    assert [(each.lyrics_id, each.guild_id) for each in texts] == [(2, 8), (3, None)]

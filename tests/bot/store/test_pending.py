"""A request is on the disk from its note to its answer, which may be stored with it."""

from datetime import timedelta

import pytest

from bot.store import PendingRequest, Store, Subject, VotedKind
from bot.store.types import utc_now
from tests.bot.store.examples import new_beat, new_verse


def request(interaction_id: int) -> PendingRequest:
    return PendingRequest(
        interaction_id=interaction_id,
        application_id=1,
        token="hush-hush",
        guild_id=7,
        channel_id=8,
        user_id=9,
        locale="en-US",
        request={"name": "beat"},
        expires_at=utc_now() + timedelta(minutes=14),
    )


async def add(store: Store, kind: VotedKind, answers: int) -> Subject:
    if kind == "verse":
        return Subject(kind, (await store.verses.add(new_verse(), answers=answers)).id)
    return Subject(kind, (await store.beats.add(new_beat(), answers=answers)).id)


@pytest.mark.parametrize("kind", ["verse", "beat"])
@pytest.mark.parametrize("is_written", [False, True])
async def test_an_answer_is_noted_in_the_transaction_that_stores_it(
    store: Store, kind: VotedKind, is_written: bool
) -> None:
    for number in (1, 2):
        store.pending.note(request(number))
    if is_written:
        await store.pending.flush()
    answer = await add(store, kind, answers=1)
    found = {each.interaction_id: each.answer for each in await store.pending.all()}
    assert found == ({1: answer, 2: None} if is_written else {1: answer})
    await store.pending.flush()
    assert {each.interaction_id: each.answer for each in await store.pending.all()} == {
        1: answer,
        2: None,
    }
    store.pending.note_answer(1)
    await store.pending.flush()
    assert [each.interaction_id for each in await store.pending.all()] == [2]

"""Votes: one a member a verse, and none is ever lost."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from bot.errors import NoSuchBeat, NoSuchVerse
from bot.store import Store, VoteCount, VotedKind, VoteStore, open_store
from bot.store.beat_tables import BeatVoteRow
from bot.store.tables import VerseRow, VoteRow
from bot.store.types import utc_now
from tests.bot.store.examples import new_beat, new_verse

UP: Literal[1] = 1
DOWN: Literal[-1] = -1


@dataclass(frozen=True)
class Kind:
    """Works of one kind, and the votes on them."""

    name: VotedKind
    store: Store

    @property
    def votes(self) -> VoteStore:
        return self.store.votes_on(self.name)

    async def add(self) -> int:
        if self.name == "verse":
            return (await self.store.verses.add(new_verse())).id
        return (await self.store.beats.add(new_beat())).id


@pytest.fixture(params=["verse", "beat"])
def kind(request: pytest.FixtureRequest, store: Store) -> Kind:
    return Kind(request.param, store)


async def test_a_press_votes_and_the_same_press_again_withdraws(kind: Kind) -> None:
    work = await kind.add()
    assert await kind.votes.cast(work, 1, UP) == VoteCount(up=1, down=0, own=1)
    assert await kind.votes.cast(work, 1, UP) == VoteCount(up=0, down=0, own=0)


async def test_the_other_button_changes_the_vote(kind: Kind) -> None:
    work = await kind.add()
    await kind.votes.cast(work, 1, UP)
    assert await kind.votes.cast(work, 1, DOWN) == VoteCount(up=0, down=1, own=-1)


async def test_votes_of_others_and_on_others_are_kept_apart(kind: Kind) -> None:
    one, other = await kind.add(), await kind.add()
    await kind.votes.cast(one, 1, UP)
    await kind.votes.cast(other, 1, DOWN)
    assert await kind.votes.cast(one, 2, UP) == VoteCount(up=2, down=0, own=1)
    assert await kind.votes.count(one, 3) == VoteCount(up=2, down=0, own=0)
    assert await kind.votes.count(other, 1) == VoteCount(up=0, down=1, own=-1)
    assert (await kind.votes.count(one)).score == 2


async def test_what_is_hidden_takes_no_votes_until_it_is_shown_again(kind: Kind) -> None:
    work = await kind.add()
    await kind.votes.cast(work, 1, UP)
    await kind.store.works(kind.name).hide(work, hidden_by=5)
    with pytest.raises((NoSuchVerse, NoSuchBeat)):
        await kind.votes.cast(work, 2, UP)
    await kind.store.works(kind.name).unhide(work)
    assert await kind.votes.cast(work, 2, UP) == VoteCount(up=2, down=0, own=1)


async def top_of(kind: Kind) -> list[tuple[int, int, int]]:
    if kind.name == "verse":
        return [(each.verse.id, each.up, each.down) for each in await kind.store.verses.top()]
    return [(each.beat.id, each.up, each.down) for each in await kind.store.beats.top()]


async def test_top_is_what_counting_by_hand_gives_after_any_presses(kind: Kind) -> None:
    """By six members on five works, some of which are hidden and shown again in between."""
    chance, hidden = random.Random(3), set[int]()
    works, votes = [await kind.add() for _ in range(5)], dict[tuple[int, int], int]()
    lengths = set()
    for number in range(1, 121):
        work, user = chance.choice(works), chance.randrange(6)
        value: Literal[1, -1] = DOWN if chance.random() < 0.3 else UP
        if chance.random() < 0.1:
            hidden ^= {work}
            store = kind.store.works(kind.name)
            await (store.hide(work, 9) if work in hidden else store.unhide(work))
        elif work not in hidden:
            if votes.pop((work, user), None) != value:
                votes[work, user] = value
            await kind.votes.cast(work, user, value)
        if number % 20 == 0:
            best = best_by_hand([each for each in works if each not in hidden], votes)
            assert await top_of(kind) == best
            lengths.add(len(best))
    assert max(lengths) >= 3  # else it shows little


def best_by_hand(
    works: Sequence[int], votes: dict[tuple[int, int], int]
) -> list[tuple[int, int, int]]:
    cast = {work: [value for (each, _), value in votes.items() if each == work] for work in works}
    best = [(work, cast[work].count(1), cast[work].count(-1)) for work in works]
    liked = [each for each in best if each[1] > each[2]]
    return sorted(liked, key=lambda each: (each[2] - each[1], -each[0]))


async def test_what_is_forgotten_takes_no_votes(kind: Kind) -> None:
    work = await kind.add()
    await kind.store.members.forget(new_verse().user_id or 0, erase_verses=True)
    with pytest.raises((NoSuchVerse, NoSuchBeat)):
        await kind.votes.cast(work, 1, UP)
    with pytest.raises((NoSuchVerse, NoSuchBeat)):
        await kind.votes.count(work)


async def test_a_deleted_verse_takes_no_votes(store: Store) -> None:
    verse = await store.verses.add(new_verse())
    await store.verses.delete(verse.id)
    with pytest.raises(NoSuchVerse):
        await store.votes.cast(verse.id, 1, UP)
    with pytest.raises(NoSuchVerse):
        await store.votes.count(verse.id)


async def test_what_is_unknown_takes_no_votes(kind: Kind) -> None:
    with pytest.raises((NoSuchVerse, NoSuchBeat)) as refused:
        await kind.votes.cast(404, 1, UP)
    assert vars(refused.value)[f"{kind.name}_id"] == 404


async def test_the_table_itself_refuses_any_other_value(kind: Kind) -> None:
    work, now = await kind.add(), utc_now()
    table = VoteRow if kind.name == "verse" else BeatVoteRow
    values = {"user_id": 1, "value": 2, "created_at": now, "updated_at": now}
    with pytest.raises(IntegrityError, match="votes_value"):
        async with kind.store.database.writer() as session:
            await session.execute(insert(table).values({f"{kind.name}_id": work, **values}))


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([UP, DOWN]))))
def test_the_count_told_to_the_presser_is_that_of_all_votes(
    presses: Sequence[tuple[int, Literal[1, -1]]],
) -> None:
    votes: dict[int, int] = {}
    count = VoteCount(up=0, down=0)
    for user, value in presses:
        own: Literal[1, -1, 0] = 1 if votes.get(user) == 1 else -1 if user in votes else 0
        count = VoteCount(up=count.up, down=count.down, own=own).after_press(value)
        if votes.get(user) == value:
            del votes[user]
        else:
            votes[user] = value
        assert count.own == votes.get(user, 0)
        assert (count.up, count.down) == (
            sum(vote == 1 for vote in votes.values()),
            sum(vote == -1 for vote in votes.values()),
        )


async def test_a_storm_of_votes_over_several_connections_loses_none(url: str) -> None:
    """200 presses by 50 members, each pressing four verses once, from three stores at once."""
    # Connections of different stores poll for the lock: give a slow machine time.
    async with (
        open_store(url, busy_timeout_s=60) as one,
        open_store(url, busy_timeout_s=60) as two,
        open_store(url, busy_timeout_s=60) as three,
    ):
        verses = [await one.verses.add(new_verse()) for _ in range(4)]
        presses = [(verse.id, user) for verse in verses for user in range(50)]
        random.Random(5).shuffle(presses)
        stores = (one, two, three)
        await asyncio.gather(
            *(
                stores[number % 3].votes.cast(verse_id, user, UP if user % 5 else DOWN)
                for number, (verse_id, user) in enumerate(presses)
            )
        )
        for verse in verses:
            assert await two.votes.count(verse.id, 0) == VoteCount(up=40, down=10, own=-1)


async def test_an_even_number_of_hurried_presses_by_one_member_leaves_no_vote(url: str) -> None:
    async with open_store(url) as one, open_store(url) as other:
        verse = await one.verses.add(new_verse())
        await asyncio.gather(
            *(store.votes.cast(verse.id, 1, UP) for _ in range(10) for store in (one, other))
        )
        assert await one.votes.count(verse.id, 1) == VoteCount(up=0, down=0, own=0)


async def test_training_sees_votes_newest_first_on_verses_that_may_be_read(store: Store) -> None:
    one, other, mixed, gone, hidden = [
        await store.verses.add(new_verse(**changes))
        for changes in ({}, {}, {"mix_artist": "Roof Fox", "mix_share": 50}, {}, {})
    ]
    for verse in (one, other, mixed, gone, hidden):
        await store.votes.cast(verse.id, 1, UP)
    await store.votes.cast(one.id, 2, DOWN)
    await store.verses.delete(gone.id)
    async with store.database.writer() as session:
        row = await session.get(VerseRow, hidden.id)
        assert row is not None
        row.hidden_at = utc_now()
    votes = await store.votes.untaught(limit=10)
    assert [(vote.verse_id, vote.user_id, vote.value) for vote in votes] == [
        (one.id, 2, DOWN),
        (other.id, 1, UP),
        (one.id, 1, UP),
    ]
    assert {vote.artist for vote in votes} == {one.artist}
    assert {vote.requester_id for vote in votes} == {one.user_id}
    assert await store.votes.untaught(limit=1) == votes[:1]
    assert await store.votes.num_since_last_run() == 3


@pytest.mark.parametrize("end", ["promoted", "rejected"])
async def test_votes_are_learned_once_by_a_run_that_went_live(
    store: Store, end: Literal["promoted", "rejected"]
) -> None:
    verse = await store.verses.add(new_verse())
    await store.votes.cast(verse.id, 1, UP)
    (vote,) = await store.votes.untaught(limit=10)
    run = await store.training_runs.start(
        trigger="command",
        requested_by=1,
        parent_checkpoint="live",
        lyrics_ids=[],
        votes_until=vote.cast_at,
    )
    await store.votes.cast(verse.id, 2, DOWN)
    await store.training_runs.finish(run.id, end)
    left = [each.user_id for each in await store.votes.untaught(limit=10)]
    assert left == ([2] if end == "promoted" else [2, 1])
    assert await store.votes.num_since_last_run() == 1
    assert await store.votes.untaught(limit=10, until=vote.cast_at) == (
        [] if end == "promoted" else [vote]
    )

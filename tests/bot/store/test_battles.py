"""Battles: one vote a member until the end, and each is settled once."""

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy.exc import IntegrityError

from bot.errors import BattleOver, NoSuchBattle
from bot.store import Battle, BattleCount, BattlePart, NewBattle, Store, open_store
from bot.store.migrate import downgrade, upgrade
from tests.bot.store.examples import new_verse, query

NOW = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)
END = NOW + timedelta(minutes=5)
PARTS = [
    BattlePart(
        text=f"slim as {number}\nand so it goes",
        num_lines=4,
        num_candidates=8,
        rng_seed=2**63 - 1 - number,
        checkpoint="starter",
    )
    for number in range(4)
]


MESSAGE = 2**61


def new_battle(**changes: Any) -> NewBattle:
    values: dict[str, Any] = {
        "artist_a": "Kettle Jones",
        "artist_b": "Roof Fox",
        "seed": "slim",
        "num_rounds": 2,
        "temperature": 0.1 + 0.2,
        "top_k": 40,
        "top_p": 0.95,
        "repetition_penalty": 1.1,
        "locale": "en-US",
        "user_id": 2**62 + 1,
        "application_id": 3,
        "guild_id": 7,
        "channel_id": 2**62,
    }
    return NewBattle(**{**values, **changes})


async def opened(store: Store, **changes: Any) -> Battle:
    battle = await store.battles.begin(new_battle(**changes), MESSAGE)
    return await store.battles.open_vote(battle.id, PARTS, END)


async def test_a_battle_comes_back_with_everything_that_makes_it_again(store: Store) -> None:
    with time_machine.travel(NOW, tick=False):
        begun = await store.battles.begin(new_battle(), MESSAGE)
    assert (begun.state, begun.parts, begun.ends_at) == ("writing", (), None)
    assert await store.battles.get(begun.id) == begun
    battle = await store.battles.open_vote(begun.id, PARTS, END)
    assert await store.battles.get(begun.id) == battle
    assert (battle.state, battle.parts, battle.ends_at) == ("voting", tuple(PARTS), END)
    assert battle.created_at == NOW
    given = dataclasses.asdict(new_battle())
    assert {name: getattr(battle, name) for name in given} == given
    assert await store.battles.get(404) is None


@time_machine.travel(NOW, tick=False)
async def test_a_member_has_one_vote_that_can_be_changed_and_withdrawn(store: Store) -> None:
    battle, other = await opened(store), await opened(store)
    cast = store.battles.cast
    assert await cast(battle.id, 1, "a") == BattleCount(a=1, b=0, own="a")
    assert await cast(battle.id, 2, "a") == BattleCount(a=2, b=0, own="a")
    assert await cast(battle.id, 1, "b") == BattleCount(a=1, b=1, own="b")
    assert await cast(battle.id, 1, "b") == BattleCount(a=1, b=0, own=None)
    assert await store.battles.count(battle.id, 2) == BattleCount(a=1, b=0, own="a")
    assert await store.battles.count(other.id) == BattleCount(a=0, b=0)


async def test_from_its_end_on_a_battle_takes_no_votes(store: Store) -> None:
    battle = await opened(store)
    with time_machine.travel(END - timedelta(seconds=1), tick=False):
        await store.battles.cast(battle.id, 1, "a")
    with time_machine.travel(END, tick=False), pytest.raises(BattleOver):
        await store.battles.cast(battle.id, 2, "a")
    await store.battles.decide(battle.id)
    with time_machine.travel(NOW, tick=False), pytest.raises(BattleOver):  # a clock put back
        await store.battles.cast(battle.id, 2, "a")
    assert await store.battles.count(battle.id) == BattleCount(a=1, b=0)


async def test_no_battle_takes_votes_that_is_unknown_unfinished_or_cancelled(store: Store) -> None:
    battle = await store.battles.begin(new_battle(), MESSAGE)
    for number in (404, battle.id):
        with pytest.raises(NoSuchBattle):
            await store.battles.cast(number, 1, "a")
    await store.battles.cancel(battle.id)
    with pytest.raises(NoSuchBattle):
        await store.battles.cast(battle.id, 1, "a")
    with pytest.raises(NoSuchBattle):
        await store.battles.open_vote(battle.id, PARTS, END)


async def test_only_what_is_being_written_can_be_cancelled_and_only_a_vote_be_decided(
    store: Store,
) -> None:
    writing, voting = await store.battles.begin(new_battle(), MESSAGE), await opened(store)
    await store.battles.cancel(voting.id)
    await store.battles.decide(writing.id)
    states = [battle.state for battle in await store.battles.unsettled(3)]
    assert states == ["writing", "voting"]


async def test_a_battle_is_unsettled_until_it_was_settled_for_its_own_application_alone(
    store: Store,
) -> None:
    writing, voting = await store.battles.begin(new_battle(), MESSAGE), await opened(store)
    other = await opened(store, application_id=4)
    assert [each.id for each in await store.battles.unsettled(3)] == [writing.id, voting.id]
    assert [each.id for each in await store.battles.unsettled(4)] == [other.id]
    await store.battles.settle(voting.id)
    assert [each.id for each in await store.battles.unsettled(3)] == [writing.id]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE battles SET state = 'won'",
        "UPDATE battles SET ends_at = NULL",
        "INSERT INTO battle_votes VALUES (1, 1, 'c', '2026-05-01', '2026-05-01')",
    ],
)
async def test_the_tables_refuse_what_cannot_be(store: Store, path: Path, sql: str) -> None:
    await opened(store)
    with pytest.raises(Exception, match="CHECK constraint failed"):
        query(path, sql)


async def test_a_vote_on_nothing_is_refused_by_the_table_itself(store: Store) -> None:
    async with store.database.writer() as session:
        connection = await session.connection()
        insert = "INSERT INTO battle_votes VALUES (404, 1, 'a', '2026-05-01', '2026-05-01')"
        with pytest.raises(IntegrityError):
            await connection.exec_driver_sql(insert)


@time_machine.travel(NOW)
async def test_a_storm_of_votes_over_two_connections_loses_none(url: str) -> None:
    async with (
        open_store(url, busy_timeout_s=60) as one,
        open_store(url, busy_timeout_s=60) as two,
    ):
        battle = await opened(one)
        await asyncio.gather(
            *(
                (one, two)[user % 2].battles.cast(battle.id, user, "a" if user % 5 else "b")
                for user in range(50)
            )
        )
        assert await two.battles.count(battle.id, 0) == BattleCount(a=40, b=10, own="b")


async def test_battles_come_by_migration_and_going_back_takes_only_them(
    url: str, path: Path
) -> None:
    async with open_store(url) as store:
        verse = await store.verses.add(new_verse())
        await opened(store)
    await downgrade(url, "0002")
    assert query(path, "SELECT name FROM sqlite_master WHERE name LIKE '%battle%'") == []
    await upgrade(url)
    async with open_store(url) as store:
        assert await store.verses.get(verse.id) == verse
        assert await store.battles.unsettled(3) == []

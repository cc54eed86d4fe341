"""Verses keep what makes them again, and the best of them are found."""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy.exc import IntegrityError

from bot.store import Store
from bot.store.tables import VerseRow
from tests.bot.store.examples import new_verse


async def test_a_verse_comes_back_with_everything_that_makes_it_again(store: Store) -> None:
    parent = await store.verses.add(new_verse())
    given = new_verse(
        seed="slim @everyone '; DROP TABLE verses; --",
        context="the lines before\nit",
        parent_id=parent.id,
        temperature=0.1 + 0.2,
        rng_seed=2**63 - 1,
        user_id=2**63 - 1,
        channel_id=2**62,
        message_id=2**61,
        scheme="ABCB",
        num_candidates=8,
        mix_artist="Roof Fox",
        mix_share=30,
    )
    added = await store.verses.add(given)
    found = await store.verses.get(added.id)
    assert found == added
    assert {name: getattr(found, name) for name in dataclasses.asdict(given)} == (
        dataclasses.asdict(given)
    )


async def test_a_moment_of_making_is_kept_in_utc(store: Store) -> None:
    moment = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        verse = await store.verses.add(new_verse())
    found = await store.verses.get(verse.id)
    assert found is not None
    assert found.created_at == moment


async def test_the_message_that_shows_a_verse_is_remembered(store: Store) -> None:
    verse = await store.verses.add(new_verse())
    await store.verses.set_message(verse.id, channel_id=2**60, message_id=2**61)
    found = await store.verses.get(verse.id)
    assert found is not None
    assert (found.channel_id, found.message_id) == (2**60, 2**61)


async def test_an_unknown_verse_is_none(store: Store) -> None:
    assert await store.verses.get(404) is None
    assert not await store.verses.delete(404)


async def test_a_deleted_verse_is_gone_and_its_words_are_erased(store: Store) -> None:
    verse = await store.verses.add(new_verse(context="before"))
    assert await store.verses.delete(verse.id)
    assert not await store.verses.delete(verse.id)
    assert await store.verses.get(verse.id) is None
    async with store.database.reader() as session:
        row = await session.get_one(VerseRow, verse.id)
        assert (row.seed, row.context, row.text) == ("", "", "")


async def test_the_number_of_a_verse_is_never_given_out_again(store: Store) -> None:
    verse = await store.verses.add(new_verse())
    async with store.database.writer() as session:
        await session.delete(await session.get_one(VerseRow, verse.id))
    assert (await store.verses.add(new_verse())).id > verse.id


async def test_a_verse_cannot_continue_one_that_never_was(store: Store) -> None:
    with pytest.raises(IntegrityError):
        await store.verses.add(new_verse(parent_id=404))


@pytest.mark.parametrize(
    "mix",
    [
        {"mix_artist": "Roof Fox"},
        {"mix_share": 30},
        {"mix_artist": "Roof Fox", "mix_share": 0},
        {"mix_artist": "Roof Fox", "mix_share": 100},
    ],
)
async def test_a_mix_is_an_artist_and_a_share_of_both(store: Store, mix: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        await store.verses.add(new_verse(**mix))


async def test_a_mixed_verse_counts_for_its_first_artist(store: Store) -> None:
    verse = await store.verses.add(new_verse(mix_artist="Roof Fox", mix_share=30))
    await store.votes.cast(verse.id, 1, 1)
    assert [each.verse.id for each in await store.verses.top(voice="Kettle Jones")] == [verse.id]
    assert await store.verses.top(voice="Roof Fox") == []


async def test_an_artist_of_a_verse_that_was_not_stored_is_made_again(store: Store) -> None:
    with pytest.raises(IntegrityError):
        await store.verses.add(new_verse(artist="Roof Fox", parent_id=404))
    assert await store.artists.find("Roof Fox") is None
    verse = await store.verses.add(new_verse(artist="Roof Fox"))
    assert await store.verses.get(verse.id) == verse


async def test_however_an_artist_is_typed_the_first_spelling_stays(store: Store) -> None:
    for name in ("Roof Fox", "roof fox", "ROOF FOX", "roof fox"):
        verse = await store.verses.add(new_verse(artist=name))
        assert verse.artist == "Roof Fox"
        assert await store.verses.get(verse.id) == verse
    (artist,) = await store.artists.all()
    assert artist.num_verses == 4


async def test_top_ranks_by_net_score_and_of_equals_the_newer_first(store: Store) -> None:
    names = ("disputed", "older", "newer", "best", "booed", "ignored")
    ids = {name: (await store.verses.add(new_verse(seed=name))).id for name in names}
    for name, ups, downs in (
        ("disputed", 5, 4),
        ("older", 2, 0),
        ("newer", 2, 0),
        ("best", 4, 1),
        ("booed", 1, 2),
    ):
        for user in range(ups):
            await store.votes.cast(ids[name], user, 1)
        for user in range(ups, ups + downs):
            await store.votes.cast(ids[name], user, -1)
    ranked = await store.verses.top()
    assert [each.verse.seed for each in ranked] == ["best", "newer", "older", "disputed"]
    assert (ranked[0].up, ranked[0].down, ranked[0].score) == (4, 1, 3)
    assert len(await store.verses.top(limit=2)) == 2


async def test_top_keeps_to_the_artist_the_server_and_the_period(store: Store) -> None:
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    with time_machine.travel(long_ago, tick=False):
        old = await store.verses.add(new_verse(seed="old"))
    for changes in ({}, {"artist": "Somebody Else"}, {"guild_id": 8}, {"guild_id": None}):
        verse = await store.verses.add(new_verse(**changes))
        await store.votes.cast(verse.id, 1, 1)
    await store.votes.cast(old.id, 1, 1)
    assert len(await store.verses.top()) == 5
    since = long_ago + timedelta(days=1)
    (only,) = await store.verses.top(voice="kettle JONES", since=since, guild_id=7)
    assert (only.verse.artist, only.verse.guild_id, only.verse.seed) == ("Kettle Jones", 7, "slim")
    assert await store.verses.top(voice="Nobody") == []


async def test_a_deleted_verse_leaves_the_top(store: Store) -> None:
    verse = await store.verses.add(new_verse())
    await store.votes.cast(verse.id, 1, 1)
    await store.verses.delete(verse.id)
    assert await store.verses.top() == []

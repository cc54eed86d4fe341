"""Beats keep what makes them again and shows them again, and the best of them are found."""

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import time_machine
from sqlalchemy.exc import IntegrityError

from bot.errors import NoSuchBeat
from bot.store import MAX_MIDI_BYTES, Store, open_store
from bot.store.migrate import downgrade, upgrade
from model.beats.plan import MAX_BARS, MAX_PRIME_BARS
from model.midi import NUM_KEYS, PianoRoll, write_midi
from tests.bot.store.examples import new_beat, new_verse, query

NOW = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)


async def test_a_beat_comes_back_with_everything_that_makes_it_again(store: Store) -> None:
    verse = await store.verses.add(new_verse())
    given = new_beat(
        style="Chorale @everyone '; DROP TABLE beats; --",
        temperature=0.1 + 0.2,
        tempo=93.7,
        prime=bytes(range(256)),
        num_prime_steps=16,
        result=bytes(reversed(range(256))),
        user_id=2**63 - 1,
        channel_id=2**62,
        message_id=2**61,
        verse_id=verse.id,
    )
    with time_machine.travel(NOW, tick=False):
        added = await store.beats.add(given)
    found = await store.beats.get(added.id)
    assert found == added
    assert (found.created_at, found.is_hidden) == (NOW, False)
    assert {name: getattr(found, name) for name in dataclasses.asdict(given)} == (
        dataclasses.asdict(given)
    )


async def test_an_unknown_beat_is_none(store: Store) -> None:
    assert await store.beats.get(404) is None


async def test_the_message_that_shows_a_beat_is_remembered(store: Store) -> None:
    beat, other = await store.beats.add(new_beat()), await store.beats.add(new_beat())
    await store.beats.set_message(beat.id, channel_id=2**60, message_id=2**61)
    shown = dataclasses.replace(beat, channel_id=2**60, message_id=2**61)
    assert await store.beats.get(beat.id) == shown
    assert await store.beats.get(other.id) == other


@pytest.mark.parametrize(
    "changes",
    [
        {"result": b"x" * (MAX_MIDI_BYTES + 1)},
        {"prime": b"x" * (MAX_MIDI_BYTES + 1)},
        {"bars": 0},
        {"steps_per_beat": 0},
        {"num_prime_steps": -1},
        {"verse_id": 404},
    ],
)
async def test_the_table_refuses_what_no_beat_can_be(
    store: Store, path: Path, changes: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError):
        await store.beats.add(new_beat(**changes))
    assert query(path, "SELECT id FROM beats") == []


async def test_the_largest_beat_fits(store: Store) -> None:
    largest = b"x" * MAX_MIDI_BYTES
    beat = await store.beats.add(new_beat(prime=largest, result=largest, num_prime_steps=1))
    assert await store.beats.get(beat.id) == beat


def test_a_beat_of_the_most_notes_there_can_be_fits() -> None:
    """All keys at every second step: nothing that a member asks for is refused so late."""
    frames = np.zeros(((MAX_BARS + MAX_PRIME_BARS) * 16, NUM_KEYS), dtype=np.bool_)
    frames[::2] = True
    assert len(write_midi(PianoRoll(frames))) <= MAX_MIDI_BYTES


async def test_the_number_of_a_beat_is_never_given_out_again(store: Store, path: Path) -> None:
    beat = await store.beats.add(new_beat())
    query(path, "DELETE FROM beats")
    assert (await store.beats.add(new_beat())).id > beat.id


async def test_top_ranks_by_net_score_and_of_equals_the_newer_first(store: Store) -> None:
    names = ("disputed", "older", "newer", "best", "booed", "ignored", "hidden")
    ids = {name: (await store.beats.add(new_beat(style=name))).id for name in names}
    for name, ups, downs in (
        ("disputed", 3, 2),
        ("older", 2, 0),
        ("newer", 2, 0),
        ("best", 4, 1),
        ("booed", 1, 2),
        ("hidden", 5, 0),
    ):
        for user in range(ups + downs):
            await store.beat_votes.cast(ids[name], user, 1 if user < ups else -1)
    await store.beats.hide(ids["hidden"], 5)
    ranked = await store.beats.top()
    assert [each.beat.style for each in ranked] == ["best", "newer", "older", "disputed"]
    assert (ranked[0].up, ranked[0].down, ranked[0].score) == (4, 1, 3)
    assert len(await store.beats.top(limit=2)) == 2
    await store.beats.unhide(ids["hidden"])
    assert (await store.beats.top())[0].beat.id == ids["hidden"]


async def test_top_keeps_to_the_style_the_server_and_the_period(store: Store) -> None:
    with time_machine.travel(NOW, tick=False):
        old = await store.beats.add(new_beat())
    young = [
        await store.beats.add(new_beat(**changes))
        for changes in ({}, {"style": "Folk"}, {"guild_id": 8}, {"guild_id": None})
    ]
    for beat in (old, *young):
        await store.beat_votes.cast(beat.id, 1, 1)
    assert len(await store.beats.top()) == 5
    (only,) = await store.beats.top(style="Chorale", since=NOW + timedelta(days=1), guild_id=7)
    assert only.beat == young[0]
    assert await store.beats.top(style="Nobody's") == []


async def test_votes_on_a_beat_are_not_on_the_verse_of_that_number(store: Store) -> None:
    verse, beat = await store.verses.add(new_verse()), await store.beats.add(new_beat())
    assert verse.id == beat.id
    await store.votes_on("beat").cast(beat.id, 1, 1)
    await store.votes_on("verse").cast(verse.id, 1, -1)
    assert (await store.beat_votes.count(beat.id)).score == 1
    assert (await store.votes.count(verse.id)).score == -1
    assert [vote.value for vote in await store.votes.untaught(limit=5)] == [-1]


async def test_nobody_votes_on_another_servers_beat(store: Store) -> None:
    beat = await store.beats.add(new_beat(guild_id=1))
    for guild_id in (2, 7):
        with pytest.raises(NoSuchBeat):
            await store.beat_votes.cast(beat.id, 1, 1, guild_id=guild_id)
    assert (await store.beat_votes.cast(beat.id, 1, 1, guild_id=1)).up == 1


async def test_a_database_from_before_beats_keeps_its_reports_and_requests(
    url: str, path: Path
) -> None:
    await downgrade(url, "0006")
    day = "2026-05-01 12:00:00"
    query(
        path,
        "INSERT INTO artists (id, name, key, created_at)"
        f" VALUES (5, 'Kettle Jones', 'kettlejones', '{day}')",
    )
    columns = "artist_id, seed, context, num_lines, temperature, top_k, top_p, repetition_penalty"
    query(
        path,
        f"INSERT INTO verses (id, {columns}, rng_seed, checkpoint, text, guild_id, created_at)"
        " VALUES (9, 5, 'slim', '', 4, 0.8, 0, 0.9, 1.2, 7, 'starter', 'slim as rain', 7,"
        f" '{day}')",
    )
    query(path, f"INSERT INTO votes VALUES (9, 3, 1, '{day}', '{day}')")
    for number in (1, 2, 3):
        query(
            path,
            "INSERT INTO reports (id, verse_id, guild_id, reporter_id, state, created_at)"
            f" VALUES ({number}, 9, 7, {number}, 'open', '{day}')",
        )
    query(path, "DELETE FROM reports WHERE id = 3")
    query(
        path,
        "INSERT INTO pending_requests (interaction_id, application_id, token, user_id, locale,"
        " request, verse_id, created_at, expires_at)"
        f" VALUES (1, 1, 'token', 3, 'en', '{{}}', 9, '{day}', '{day}')",
    )
    await upgrade(url)
    async with open_store(url) as store:
        (waiting,) = await store.pending.all()
        assert waiting.answer is not None
        assert (waiting.answer.kind, waiting.answer.id) == ("verse", 9)
        assert await store.reports.num_cases(7) == 1
        assert (await store.votes.count(9, 3)).own == 1
        beat = await store.beats.add(new_beat(verse_id=9))
        assert beat.id == 1
    query(
        path,
        "INSERT INTO reports (beat_id, guild_id, reporter_id, state, created_at)"
        f" VALUES (1, 7, 1, 'open', '{day}')",
    )
    assert query(path, "SELECT id FROM reports ORDER BY id") == [(1,), (2,), (4,)]
    await downgrade(url, "0006")
    assert query(path, "SELECT id, verse_id FROM reports") == [(1, 9), (2, 9)]
    assert query(path, "SELECT id FROM verses") == [(9,)]

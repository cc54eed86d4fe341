"""What is kept of a member is told whole, and is gone when they ask for that."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import BigInteger, Integer, insert

from bot.store import Store
from bot.store.members import MEMBER_COLUMNS
from bot.store.tables import Base
from tests.bot.store.examples import new_beat, new_lyrics, new_verse, query

MEMBER = 77_000_000_000_000_077
OTHER = 88_000_000_000_000_088
# How columns are called that name somebody.
PEOPLE = ("_by", "user_id", "submitter_id", "reviewer_id", "reporter_id", "resolver_id")
COLUMNS = {attribute.property.columns[0] for attribute in MEMBER_COLUMNS}
NOW = datetime.now(UTC)


def test_every_column_that_can_name_somebody_is_known_here() -> None:
    could = {
        str(column)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, BigInteger | Integer) and column.name.endswith(PEOPLE)
    }
    assert could == {str(each) for each in COLUMNS}


def rows_of(member: int) -> dict[str, dict[str, Any]]:
    """A row for each table that the stores do not fill here, without its members."""
    number = member % 1000
    return {
        "battles": {
            "id": number, "state": "voting", "artist_a_id": 1, "artist_b_id": 1, "seed": "rain",
            "num_rounds": 2, "parts": [], "temperature": 0.8, "top_k": 0, "top_p": 0.9,
            "repetition_penalty": 1.2, "locale": "en", "application_id": 1, "channel_id": 1,
            "message_id": 1, "ends_at": NOW,
        },
        "battle_votes": {"battle_id": number, "side": "a", "updated_at": NOW},
        "reports": {"battle_id": number, "guild_id": 7, "reason": f"{member}?", "state": "open"},
        "beats": {
            "id": number, "style": "Chorale", "bars": 8, "tempo": 90.0, "temperature": 0.9,
            "rng_seed": 5, "checkpoint": "b", "steps_per_beat": 4, "num_prime_steps": 4,
            "prime": b"MThd\x00", "result": f"notes of {member}".encode(),
        },
        "beat_votes": {"beat_id": number, "value": 1, "updated_at": NOW},
        "bans": {"guild_id": 7},
        "blocked_words": {"guild_id": number, "word": "gorse", "key": "gorse"},
        "artist_removals": {"artist_id": 1},
        "pending_requests": {
            "interaction_id": number, "application_id": 1, "token": "hush-hush", "locale": "en",
            "request": {}, "expires_at": NOW,
        },
        "checkpoints": {"version": f"v{number}", "state": "retired", "folder": "f", "figures": {}},
        "training_runs": {
            "state": "failed", "trigger": "command", "parent_checkpoint": "s", "num_lyrics": 0,
            "stage": "done", "fraction": 1.0, "figures": {}, "started_at": NOW,
        },
    }  # fmt: skip


async def fill(store: Store, member: int) -> None:
    """Makes the member stand in every column that can name somebody."""
    verse = await store.verses.add(new_verse(user_id=member))
    words = new_lyrics(submitter_id=member, text=f"my own words {member}")
    lyrics = await store.lyrics.submit(words)
    await store.lyrics.review(lyrics.id, True, reviewer_id=member)
    await store.votes.cast(verse.id, member, 1)
    async with store.database.writer() as session:
        for name, values in rows_of(member).items():
            table = Base.metadata.tables[name]
            people = {column.name: member for column in table.columns if column in COLUMNS}
            times = {"created_at": NOW} if "created_at" in table.columns else {}
            await session.execute(insert(table).values(**values, **people, **times))
        verses = Base.metadata.tables["verses"]
        hidden = verses.update().where(verses.c.id == verse.id).values(hidden_by=member)
        await session.execute(hidden)


def places_of(path: Path, member: int) -> set[str]:
    """Every column that holds the number, by a look past the bot."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if query(path, f'SELECT 1 FROM {table.name} WHERE "{column.name}" = ?', member)
    }


async def test_the_export_has_a_section_for_each_and_nothing_of_others(store: Store) -> None:
    await fill(store, MEMBER)
    await fill(store, OTHER)
    told = await store.members.export(MEMBER)
    assert len(told) == len(MEMBER_COLUMNS)
    assert {section: len(rows) for section, rows in told.items()} == dict.fromkeys(told, 1)
    assert told["lyrics and beats you handed in"][0]["text"] == f"my own words {MEMBER}"
    assert told["verses you asked for"][0]["artist"] == "Kettle Jones"
    beat = told["beats you asked for"][0]
    assert base64.b64decode(beat["prime"]) == b"MThd\x00"
    assert base64.b64decode(beat["result"]) == f"notes of {MEMBER}".encode()
    text = json.dumps(told)
    assert str(OTHER) not in text
    assert "hush-hush" not in text


async def test_who_is_forgotten_is_nowhere_but_in_a_ban(store: Store, path: Path) -> None:
    await fill(store, MEMBER)
    await fill(store, OTHER)
    before = places_of(path, OTHER)
    assert before == places_of(path, MEMBER) == {str(each) for each in COLUMNS}
    done = await store.members.forget(MEMBER, erase_verses=False)
    assert (done.num_votes, done.num_verses, done.num_beats, done.num_lyrics) == (3, 1, 1, 1)
    assert places_of(path, MEMBER) == {"bans.user_id"}
    assert places_of(path, OTHER) == before
    lyrics = query(path, "SELECT text, title, state FROM lyrics WHERE id = 1")
    assert lyrics == [("", "", "withdrawn")]
    assert query(path, "SELECT reason FROM reports WHERE id = 1") == [(None,)]


@pytest.mark.parametrize("erase", [False, True])
async def test_words_and_notes_go_only_when_asked(store: Store, path: Path, erase: bool) -> None:
    own = await store.verses.add(new_verse(user_id=MEMBER))
    others = await store.verses.add(new_verse(user_id=OTHER))
    beat = await store.beats.add(new_beat(user_id=MEMBER, prime=b"MThd", num_prime_steps=4))
    others_beat = await store.beats.add(new_beat(user_id=OTHER))
    await store.votes.cast(own.id, OTHER, 1)
    await store.members.forget(MEMBER, erase_verses=erase)
    kept, kept_beat = await store.verses.get(own.id), await store.beats.get(beat.id)
    assert [kept is None, kept_beat is None] == [erase, erase]
    assert kept is None or (kept.user_id, kept.text) == (None, own.text)
    assert kept_beat is None or kept_beat == replace(beat, user_id=None)
    notes = query(path, "SELECT prime, result FROM beats WHERE id = ?", beat.id)
    assert notes == [(None, b"") if erase else (beat.prime, beat.result)]
    assert await store.verses.get(others.id) == others
    assert await store.beats.get(others_beat.id) == others_beat


async def test_erased_words_are_not_in_the_files_any_more(
    store: Store, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(20):
        text = f"the quartzglimmer of a wyvernlit morning {number}\n" * 40
        await store.lyrics.submit(new_lyrics(submitter_id=MEMBER, text=text))

    def files() -> bytes:
        return b"".join(each.read_bytes() for each in path.parent.glob("cypher.db*"))

    assert b"quartzglimmer" in files()
    await store.members.forget(MEMBER, erase_verses=False)
    assert b"quartzglimmer" not in files()
    assert caplog.messages == []  # such as of a connection that could not be given back


async def test_forgetting_a_stranger_changes_nothing(store: Store) -> None:
    await fill(store, OTHER)
    before = await store.members.export(OTHER)
    done = await store.members.forget(MEMBER, erase_verses=True)
    assert (done.num_votes, done.num_verses, done.num_beats, done.num_lyrics) == (0, 0, 0, 0)
    assert await store.members.export(OTHER) == before

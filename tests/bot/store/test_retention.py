"""What has been kept long enough goes, and nothing else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.store import Expired, KeepingTimes, Store
from tests.bot.store.examples import new_beat, new_lyrics, new_verse, query
from tests.bot.store.test_battles import PARTS, new_battle

DAYS = timedelta(days=1)


def make_old(path: Path, row: str, days: int, column: str = "created_at") -> None:
    table, number = row.split()
    moment = (datetime.now(UTC) - days * DAYS).strftime("%Y-%m-%d %H:%M:%S.%f")
    query(path, f"UPDATE {table} SET {column} = ? WHERE id = ?", moment, number)


async def test_old_verses_lose_their_words_and_votes(store: Store, path: Path) -> None:
    old = await store.verses.add(new_verse())
    young = await store.verses.add(new_verse())
    for verse in (old, young):
        await store.votes.cast(verse.id, 3, 1)
    make_old(path, f"verses {old.id}", 31)
    assert await store.retention.expire(KeepingTimes(works=30 * DAYS)) == Expired(num_works=1)
    assert await store.verses.get(old.id) is None
    left = query(path, "SELECT text, seed, user_id FROM verses WHERE id = ?", old.id)
    assert left == [("", "", None)]
    assert query(path, "SELECT verse_id FROM votes") == [(young.id,)]
    assert await store.verses.get(young.id) == young
    assert not await store.retention.expire(KeepingTimes(works=30 * DAYS))


async def test_old_beats_lose_their_notes_and_votes(store: Store, path: Path) -> None:
    old = await store.beats.add(new_beat(prime=b"MThd", num_prime_steps=4))
    young = await store.beats.add(new_beat())
    for beat in (old, young):
        await store.beat_votes.cast(beat.id, 3, 1)
    make_old(path, f"beats {old.id}", 31)
    assert await store.retention.expire(KeepingTimes(works=30 * DAYS)) == Expired(num_works=1)
    assert await store.beats.get(old.id) is None
    left = query(path, "SELECT prime, result, user_id FROM beats WHERE id = ?", old.id)
    assert left == [(None, b"", None)]
    assert query(path, "SELECT beat_id FROM beat_votes") == [(young.id,)]
    assert await store.beats.get(young.id) == young
    assert not await store.retention.expire(KeepingTimes(works=30 * DAYS))


async def test_old_words_go_also_where_nobody_knows_any_more_who_asked(
    store: Store, path: Path
) -> None:
    verse, beat = await store.verses.add(new_verse()), await store.beats.add(new_beat())
    battle = await store.battles.begin(new_battle(), 5)
    await store.battles.open_vote(battle.id, PARTS, datetime.now(UTC))
    await store.battles.decide(battle.id)
    for each in (f"verses {verse.id}", f"beats {beat.id}", f"battles {battle.id}"):
        make_old(path, each, 40)
    times = KeepingTimes(works=30 * DAYS, requesters=10 * DAYS)
    await store.retention.expire(KeepingTimes(requesters=10 * DAYS))
    assert await store.retention.expire(times) == Expired(num_works=3)
    assert query(path, "SELECT seed, parts FROM battles") == [("", "[]")]
    assert not await store.retention.expire(times)


async def test_old_verses_forget_who_asked(store: Store, path: Path) -> None:
    verse = await store.verses.add(new_verse())
    beat = await store.beats.add(new_beat())
    make_old(path, f"verses {verse.id}", 400)
    make_old(path, f"beats {beat.id}", 400)
    assert (await store.retention.expire(KeepingTimes(requesters=365 * DAYS))).num_requesters == 2
    left = await store.beats.get(beat.id)
    assert left is not None
    assert (left.user_id, left.result) == (None, beat.result)
    kept = await store.verses.get(verse.id)
    assert kept is not None
    assert (kept.user_id, kept.text) == (None, verse.text)


async def test_refused_lyrics_lose_their_words(store: Store, path: Path) -> None:
    for number, (approve, days) in enumerate(((False, 100), (False, 10), (True, 100)), 1):
        await store.lyrics.submit(new_lyrics(text=f"some words {number}"))
        await store.lyrics.review(number, approve, 5)
        make_old(path, f"lyrics {number}", days, "reviewed_at")
    assert (await store.retention.expire(KeepingTimes(refused=90 * DAYS))).num_refused == 1
    texts = [text for (text,) in query(path, "SELECT text FROM lyrics ORDER BY id")]
    assert texts == ["", "some words 2", "some words 3"]


async def test_for_ever_is_for_ever(store: Store, path: Path) -> None:
    verse = await store.verses.add(new_verse())
    make_old(path, f"verses {verse.id}", 9999)
    assert not await store.retention.expire(KeepingTimes())
    assert await store.verses.get(verse.id) is not None

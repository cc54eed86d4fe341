"""What has been kept long enough goes, and nothing else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.store import Expired, KeepingTimes, Store
from tests.bot.store.examples import new_lyrics, new_verse, query

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
    assert await store.retention.expire(KeepingTimes(verses=30 * DAYS)) == Expired(num_verses=1)
    assert await store.verses.get(old.id) is None
    left = query(path, "SELECT text, seed, user_id FROM verses WHERE id = ?", old.id)
    assert left == [("", "", None)]
    assert query(path, "SELECT verse_id FROM votes") == [(young.id,)]
    assert await store.verses.get(young.id) == young
    assert not await store.retention.expire(KeepingTimes(verses=30 * DAYS))


async def test_old_verses_forget_who_asked(store: Store, path: Path) -> None:
    verse = await store.verses.add(new_verse())
    make_old(path, f"verses {verse.id}", 400)
    assert (await store.retention.expire(KeepingTimes(requesters=365 * DAYS))).num_requesters == 1
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

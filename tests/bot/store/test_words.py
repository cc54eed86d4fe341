"""Blocked words: each belongs to one server, counts once in any spelling, and is kept in memory."""

from pathlib import Path

import pytest

from bot.errors import TooManyWords
from bot.store import Store, words
from tests.bot.store.examples import query


async def test_a_word_is_there_once_for_its_server_until_it_is_removed(store: Store) -> None:
    assert await store.words.add(1, "Slime", created_by=7)
    assert not await store.words.add(1, "s-l-i-m-e", created_by=8)
    assert (await store.guilds.get(1)).blocked_words == ("Slime",)
    assert (await store.guilds.get(2)).blocked_words == ()
    assert await store.words.remove(1, "SLIME")
    assert not await store.words.remove(1, "slime")
    assert (await store.guilds.get(1)).blocked_words == ()


async def test_words_are_kept_in_memory_and_survive_a_change_of_settings(
    store: Store, path: Path
) -> None:
    await store.words.add(1, "slime", created_by=7)
    changed = await store.guilds.set(1, content="strict")
    assert changed.blocked_words == ("slime",)
    assert await store.guilds.get(1) == changed
    query(path, "DELETE FROM blocked_words")
    assert await store.guilds.get(1) == changed


async def test_no_server_blocks_more_words_than_are_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "MAX_WORDS", 2)
    for word in ("one", "two"):
        await store.words.add(1, word, created_by=7)
    with pytest.raises(TooManyWords):
        await store.words.add(1, "three", created_by=7)
    assert await store.words.add(2, "three", created_by=7)

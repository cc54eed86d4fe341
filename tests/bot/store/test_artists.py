"""Artists are one row for each name, and are counted with what is theirs."""

import pytest

from bot.store import ArtistSummary, Store
from tests.bot.store.examples import new_lyrics, new_verse, song


async def test_the_first_spelling_of_a_name_stays(store: Store) -> None:
    await store.artists.ensure(["Zoë Kettle", "ZOE-KETTLE", " zoe  kettle "])
    assert [each.name for each in await store.artists.all()] == ["Zoë Kettle"]
    assert await store.artists.find("zoe kettle") == "Zoë Kettle"


async def test_an_unknown_artist_is_not_found(store: Store) -> None:
    assert await store.artists.find("Nobody") is None


async def test_a_name_without_a_letter_still_names_somebody(store: Store) -> None:
    await store.artists.ensure(["!!!"])
    assert await store.artists.find("!!!") == "!!!"


async def test_a_blank_name_is_no_artist(store: Store) -> None:
    with pytest.raises(ValueError, match="needs a name"):
        await store.artists.ensure(["  "])


async def test_the_list_counts_approved_lyrics_and_verses_that_stand(store: Store) -> None:
    await store.artists.ensure(["Abel"])
    await store.lyrics.import_songs([song("One", "one"), song("Two", "two")])
    await store.lyrics.submit(new_lyrics(text="waiting for a reviewer"))
    await store.verses.add(new_verse())
    deleted = await store.verses.add(new_verse())
    await store.verses.delete(deleted.id)
    assert await store.artists.all() == [
        ArtistSummary(name="Abel", num_lyrics=0, num_verses=0),
        ArtistSummary(name="Kettle Jones", num_lyrics=2, num_verses=1),
    ]


async def test_the_best_loved_come_by_net_votes_then_by_verses(store: Store) -> None:
    loved = await store.verses.add(new_verse(artist="Loved"))
    booed = await store.verses.add(new_verse(artist="Booed"))
    for _ in range(2):
        await store.verses.add(new_verse(artist="Busy"))
    await store.verses.add(new_verse(artist="Calm"))
    for user in range(3):
        await store.votes.cast(loved.id, user, 1)
        await store.votes.cast(booed.id, user, -1)
    assert await store.artists.best_loved() == ["Loved", "Busy", "Calm", "Booed"]
    assert await store.artists.best_loved(limit=1) == ["Loved"]


async def test_the_best_loved_of_one_server_know_nothing_of_another(store: Store) -> None:
    await store.verses.add(new_verse(artist="Here", guild_id=1))
    await store.verses.add(new_verse(artist="There", guild_id=2))
    assert await store.artists.best_loved(guild_id=1) == ["Here"]

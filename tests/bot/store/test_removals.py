"""Removals: by name, of one server or of all; whose lyrics no training reads any more."""

from bot.store import Store
from tests.bot.store.examples import new_lyrics, new_verse


async def taught(store: Store) -> list[tuple[str, int | None]]:
    """Artists of the lyrics that the next run would read, with the servers that own them."""
    lyrics = await store.lyrics.approved_since_last_run()
    return [(each.artist, each.guild_id) for each in lyrics]


async def test_a_removal_counts_once_and_can_be_undone_where_it_was_made(store: Store) -> None:
    assert await store.removals.add("Kettle Jones", 7, removed_by=1, reason="asked")
    assert not await store.removals.add("KETTLE-JONES", 7)
    assert await store.removals.add("Kettle Jones", None)
    assert [(each.guild_id, each.reason) for each in await store.removals.all()] == [
        (7, "asked"),
        (None, None),
    ]
    assert not await store.removals.undo("Kettle Jones", 8)
    assert await store.removals.undo("kettle jones", None)
    assert [each.guild_id for each in await store.removals.all()] == [7]


async def test_lyrics_of_a_removed_artist_are_out_of_the_next_training(store: Store) -> None:
    for guild_id in (7, 8):
        text = f"One bus goes up the hill at {guild_id}\nand one comes down again"
        lyrics = await store.lyrics.submit(new_lyrics(guild_id=guild_id, text=text))
        await store.lyrics.review(lyrics.id, True, 9, guild_id=guild_id)
    assert await taught(store) == [("Kettle Jones", 7), ("Kettle Jones", 8)]
    await store.removals.add("kettle jones", 7)
    assert await taught(store) == [("Kettle Jones", 8)]
    assert await store.removals.withheld() == ["Kettle Jones"]
    await store.removals.add("kettle jones", None)
    assert await taught(store) == []
    await store.removals.undo("kettle jones", None)
    await store.removals.undo("kettle jones", 7)
    assert len(await taught(store)) == 2


async def test_verses_in_the_style_of_a_removed_artist_are_in_no_list_of_the_best(
    store: Store,
) -> None:
    verse = await store.verses.add(new_verse(artist="Roof Fox"))
    mixed = await store.verses.add(new_verse(mix_artist="Roof Fox", mix_share=30))
    other = await store.verses.add(new_verse())
    for each in (verse, mixed, other):
        await store.votes.cast(each.id, 1, 1)
    await store.removals.add("Roof Fox", 7)
    assert [each.verse.id for each in await store.verses.top(guild_id=7)] == [other.id]
    assert len(await store.verses.top(guild_id=None)) == 3

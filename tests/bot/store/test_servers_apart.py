"""What one server has in the store is another's in nothing."""

import pytest

from bot.errors import DuplicateLyrics, NoSuchBattle, NoSuchLyrics, NoSuchVerse
from bot.store import Store
from tests.bot.store.examples import new_lyrics, new_verse, song
from tests.bot.store.test_battles import new_battle


async def test_submitted_lyrics_teach_an_artist_of_their_server(store: Store) -> None:
    await store.lyrics.import_songs([song()])
    here, there = [await store.lyrics.submit(new_lyrics(guild_id=each)) for each in (1, 2)]
    assert (here.artist, here.voice) == ("Kettle Jones", "server:1/Kettle Jones")
    assert there.voice == "server:2/Kettle Jones"
    assert [each.name for each in await store.artists.all(1)] == ["Kettle Jones"] * 2
    assert len(await store.artists.all()) == 1
    with pytest.raises(DuplicateLyrics):
        await store.lyrics.submit(new_lyrics(guild_id=1, artist="KETTLE JONES"))


async def test_where_lyrics_are_shared_they_teach_a_shared_artist(store: Store) -> None:
    shared = await store.lyrics.submit(new_lyrics(is_shared=True))
    assert shared.voice == "Kettle Jones"


async def test_a_duplicate_does_not_tell_of_another_server(store: Store) -> None:
    await store.lyrics.submit(new_lyrics(title="Secret", guild_id=1, is_shared=True))
    with pytest.raises(DuplicateLyrics) as told:
        await store.lyrics.submit(new_lyrics(title="Mine", guild_id=2, is_shared=True))
    assert (told.value.title, told.value.state) == ("Mine", "known")


async def test_an_import_may_be_for_one_server(store: Store) -> None:
    await store.lyrics.import_songs([song()])
    outcomes = await store.lyrics.import_songs([song(), song(title="Twice")], guild_id=3)
    assert [each.is_taken for each in outcomes] == [True, False]
    assert {each.voice for each in await store.lyrics.approved()} == {
        "Kettle Jones",
        "server:3/Kettle Jones",
    }


async def test_a_verse_keeps_its_voices(store: Store) -> None:
    verse = await store.verses.add(
        new_verse(artist_guild_id=7, mix_artist="Roof Fox", mix_share=20)
    )
    assert (verse.voice, verse.mix_voice) == ("server:7/Kettle Jones", "Roof Fox")
    assert await store.verses.get(verse.id) == verse
    again = await store.verses.add(new_verse(artist="KETTLE JONES", artist_guild_id=7))
    assert again.voice == verse.voice


async def test_the_best_verses_are_those_of_one_voice(store: Store) -> None:
    own = await store.verses.add(new_verse(artist_guild_id=7))
    shared = await store.verses.add(new_verse())
    for verse in (own, shared):
        await store.votes.cast(verse.id, 1, 1)
    top = [
        [each.verse.id for each in await store.verses.top(voice, guild_id=7)]
        for voice in (own.voice, shared.voice, "server:8/Kettle Jones")
    ]
    assert top == [[own.id], [shared.id], []]


async def test_nobody_votes_on_another_servers_verse_or_battle(store: Store) -> None:
    verse = await store.verses.add(new_verse(guild_id=1))
    battle = await store.battles.begin(new_battle(guild_id=1, artist_a_guild_id=1), 5)
    assert battle.voices[0].startswith("server:1/")
    with pytest.raises(NoSuchVerse):
        await store.votes.cast(verse.id, 1, 1, guild_id=2)
    with pytest.raises(NoSuchBattle):
        await store.battles.cast(battle.id, 1, "a", guild_id=2)


async def test_what_a_member_submitted_is_listed_and_withdrawn_where_it_was(store: Store) -> None:
    lyrics = await store.lyrics.submit(new_lyrics(guild_id=1))
    assert await store.lyrics.of_member(11, 2) == []
    assert await store.lyrics.of_member(11, 1) == [lyrics] == await store.lyrics.of_member(11)
    with pytest.raises(NoSuchLyrics):
        await store.lyrics.withdraw(lyrics.id, submitter_id=11, guild_id=2)
    assert (await store.lyrics.withdraw(lyrics.id, submitter_id=11, guild_id=1)).text == ""


async def test_an_own_artist_is_found_before_a_shared_one(store: Store) -> None:
    await store.artists.ensure(["Kettle Jones", "server:1/Kettle JONES", "server:2/Nova"])
    assert await store.artists.find("kettle jones", 1) == "Kettle JONES"
    assert await store.artists.find("kettle jones", 2) == "Kettle Jones"
    assert await store.artists.find("nova", 1) is None


async def test_the_best_loved_are_never_artists_of_another_server(store: Store) -> None:
    for guild_id in (1, 2):
        await store.verses.add(
            new_verse(artist=f"Own {guild_id}", artist_guild_id=guild_id, guild_id=guild_id)
        )
    assert await store.artists.best_loved() == []
    assert await store.artists.best_loved(guild_id=1) == ["Own 1"]

"""An import takes each song once, and a dry run tells the same without writing."""

from bot.store import Store
from tests.bot.store.examples import WORDS, new_lyrics, song


async def test_imported_songs_are_approved_and_say_where_they_came_from(store: Store) -> None:
    (outcome,) = await store.lyrics.import_songs([song()])
    assert outcome.is_taken
    (lyrics,) = await store.lyrics.approved()
    assert (lyrics.artist, lyrics.title, lyrics.text) == ("Kettle Jones", "Noon Bus", WORDS)
    assert (lyrics.origin, lyrics.state, lyrics.submitter_id) == ("import", "approved", None)


async def test_duplicates_are_reported_against_the_collection_and_the_database(
    store: Store,
) -> None:
    await store.lyrics.submit(new_lyrics(title="Waiting", text="waiting", is_shared=True))
    outcomes = await store.lyrics.import_songs(
        [
            song("First", "first"),
            song("Again", "first", artist="KETTLE JONES"),
            song("Mine", "first", artist="Somebody Else"),
            song("Held", "waiting"),
        ]
    )
    assert [each.duplicate_of for each in outcomes] == [None, "First", None, "Waiting"]
    assert outcomes[3].duplicate_state == "pending"
    assert len(await store.lyrics.approved()) == 2


async def test_a_second_import_of_the_same_collection_takes_nothing(store: Store) -> None:
    songs = [song(f"Song {number}", f"words {number}") for number in range(20)]
    await store.lyrics.import_songs(songs)
    again = await store.lyrics.import_songs(songs)
    assert not any(each.is_taken for each in again)
    assert len(await store.lyrics.approved()) == 20


async def test_a_dry_run_says_the_same_and_writes_nothing(store: Store) -> None:
    songs = [song("One", "one"), song("Two", "one"), song("Three", "three")]
    dry = await store.lyrics.import_songs(songs, dry_run=True)
    assert await store.lyrics.approved() == []
    assert await store.artists.all() == []
    assert await store.lyrics.import_songs(songs) == dry


async def test_a_collection_of_more_artists_than_one_question_holds_is_taken(store: Store) -> None:
    songs = [song("Only", "words", artist=f"Artist {number}") for number in range(501)]
    assert all(each.is_taken for each in await store.lyrics.import_songs(songs))
    assert not any(each.is_taken for each in await store.lyrics.import_songs(songs, dry_run=True))


async def test_an_empty_collection_is_no_mistake(store: Store) -> None:
    assert await store.lyrics.import_songs([]) == []

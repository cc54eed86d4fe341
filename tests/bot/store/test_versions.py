"""What a version learned and how it is liked is told of that version, and of nobody else's."""

from typing import Any, Literal

from bot.store import Store, VoteCount
from bot.store.versions import lineage
from tests.bot.store.examples import new_checkpoint, new_verse, song


async def learn(store: Store, parent: str, version: str, *lyrics_ids: int, **ending: Any) -> None:
    """A run that made `version` out of `parent`, and its promotion."""
    run = await store.training_runs.start(
        trigger="command", requested_by=7, parent_checkpoint=parent, lyrics_ids=lyrics_ids
    )
    await store.checkpoints.record(new_checkpoint(version, parent=parent))
    await store.checkpoints.promote(version)
    await store.training_runs.finish(run.id, "promoted", candidate=version)


async def teach(store: Store, artist: str, title: str) -> int:
    await store.lyrics.import_songs([song(title, title, artist)])
    return (await store.lyrics.approved())[-1].id


async def three_versions(store: Store) -> list[int]:
    """One, then two, then three; four went another way from two on."""
    await store.checkpoints.record(new_checkpoint("one"))
    await store.checkpoints.promote("one")
    ids = [await teach(store, artist, artist + title) for artist in "AB" for title in "xy"]
    await learn(store, "one", "two", ids[0], ids[1], ids[2])
    await learn(store, "two", "three", ids[3])
    await learn(store, "two", "four")
    return ids


async def test_songs_are_counted_by_artist(store: Store) -> None:
    await three_versions(store)
    lessons = await store.versions.lessons(["one", "two", "three", "four", "five"])
    counts = {
        version: {each.artist: each.num_songs for each in lesson.songs}
        for version, lesson in lessons.items()
    }
    assert counts == {"two": {"A": 2, "B": 1}, "three": {"B": 1}, "four": {}}
    assert [each.artist for each in lessons["two"].songs] == ["A", "B"]


async def test_votes_are_those_on_the_verses_of_a_version(store: Store) -> None:
    given: dict[str, tuple[Literal[1, -1], ...]] = {"one": (1, 1, -1), "two": (-1,)}
    for version, values in given.items():
        verse = await store.verses.add(new_verse(checkpoint=version))
        for member, value in enumerate(values):
            await store.votes.cast(verse.id, member, value)
    await store.verses.add(new_verse(checkpoint="three"))
    assert await store.versions.votes(["one", "two", "three"]) == {
        "one": VoteCount(up=2, down=1),
        "two": VoteCount(up=0, down=1),
    }


async def test_withdrawn_lyrics_mark_those_who_learned_them_and_their_descendants(
    store: Store,
) -> None:
    ids = await three_versions(store)
    assert await store.versions.with_withdrawn() == {}
    await store.lyrics.withdraw(ids[3])
    assert await store.versions.with_withdrawn() == {"three": (ids[3],)}
    await store.lyrics.withdraw(ids[0])
    assert await store.versions.with_withdrawn() == {
        "two": (ids[0],),
        "three": (ids[0], ids[3]),
        "four": (ids[0],),
    }


async def test_a_line_goes_from_child_to_parent_and_never_in_circles() -> None:
    assert lineage("c", {"c": "b", "b": "a", "a": None}) == ["c", "b", "a"]
    assert lineage("c", {"c": "b", "b": "c"}) == ["c", "b"]
    assert lineage("x", {}) == ["x"]

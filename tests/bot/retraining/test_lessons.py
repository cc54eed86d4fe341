"""New lyrics are learned all, known ones in part, and each under the live checkpoint's name."""

import pytest

from bot.retraining.fair_share import Caps
from bot.retraining.ground import Ground, find_ground
from bot.retraining.lessons import gather
from bot.retraining.versions import next_version, remove_candidate
from tests.bot.retraining.conftest import GOOD, WORSE, Life
from tests.bot.store.examples import new_lyrics


async def ground_of(life: Life) -> Ground:
    return await find_ground(life.config, life.store, life.generation.live_version)


CAPS = Caps(max_share=0.25, max_lyrics=40)


async def test_every_new_song_is_learned_page_by_page(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.retraining.lessons._PAGE", 3)
    await life.teach(*(f"Bus {number}" for number in range(10)))
    lessons = await gather(life.store, (), CAPS, await ground_of(life))
    assert [song.title for song in lessons.lyrics.songs] == [f"Bus {n}" for n in range(10)]
    assert len(set(lessons.lyrics_ids)) == 10
    assert lessons.lyrics.replay == []


async def test_a_name_is_spelt_as_the_checkpoint_spells_it(life: Life) -> None:
    await life.teach("Noon Bus", artist="sam o'hare")
    lessons = await gather(life.store, ["Sam O’Hare", "Roof Fox"], CAPS, await ground_of(life))
    assert [song.artist for song in lessons.lyrics.songs] == ["Sam O’Hare"]


async def test_what_was_learned_before_is_read_again_newest_and_at_random(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.retraining.lessons._NUM_NEWEST", 2)
    monkeypatch.setattr("bot.retraining.lessons._NUM_RANDOM", 2)
    old = [f"Bus {number}" for number in range(8)]
    await life.teach(*old)
    await life.run(GOOD)
    await life.teach("Tram")
    lessons = await gather(life.store, (), CAPS, await ground_of(life))
    replay = [song.title for song in lessons.lyrics.replay]
    assert [song.title for song in lessons.lyrics.songs] == ["Tram"]
    assert replay[::2] == ["Bus 7", "Bus 6"]
    assert set(replay[1::2]) <= set(old[:6])
    assert len(set(replay)) == 4


async def test_with_few_known_songs_each_comes_once(life: Life) -> None:
    await life.teach("Noon Bus", "Night Bus")
    await life.run(GOOD)
    lessons = await gather(life.store, (), CAPS, await ground_of(life))
    assert [song.title for song in lessons.lyrics.replay] == ["Night Bus", "Noon Bus"]


async def test_what_a_member_has_too_much_of_waits_for_the_next_run(life: Life) -> None:
    for number in range(12):
        text = f"The flood came up to step {number}\n" * 20
        await life.store.lyrics.submit(
            new_lyrics(title=f"Flood {number}", text=text, submitter_id=66)
        )
    for member in range(1, 5):
        text = f"A quiet tune of number {member}\n" * 20
        await life.store.lyrics.submit(new_lyrics(title="Tune", text=text, submitter_id=member))
    for lyrics in await life.store.lyrics.pending():
        await life.store.lyrics.review(lyrics.id, approve=True, reviewer_id=99)
    lessons = await gather(life.store, (), CAPS, await ground_of(life))
    titles = [song.title for song in lessons.lyrics.songs]
    assert titles == ["Flood 0", "Tune", "Tune", "Tune", "Tune"]
    await life.run(GOOD)
    waiting = await life.store.lyrics.approved_since_last_run()
    assert [each.title for each in waiting] == [f"Flood {n}" for n in range(1, 12)]


async def test_a_version_is_never_given_twice(life: Life) -> None:
    await life.teach("Noon Bus")
    first = await life.run([*GOOD[:-1], ("result", WORSE)])  # rejected, so nothing is left of it
    folder = life.config.checkpoints_dir / f"{str(first.candidate)[:-1]}2"
    folder.mkdir(parents=True)
    following = await next_version(life.store, life.config.checkpoints_dir)
    assert str(first.candidate).endswith("-1")
    assert following == f"{str(first.candidate)[:-1]}3"


async def test_removing_a_candidate_spares_those_with_longer_numbers(life: Life) -> None:
    folder = life.config.checkpoints_dir
    for name in ("2026-05-01-1", ".2026-05-01-1-half", "2026-05-01-10", ".2026-05-01-10-half"):
        (folder / name).mkdir(parents=True)
    remove_candidate(folder, "2026-05-01-1")
    assert life.checkpoints == [".2026-05-01-10-half", "2026-05-01-10"]


async def test_lyrics_of_an_artist_who_was_removed_are_left_out_and_said_to_be(life: Life) -> None:
    await life.teach("Noon Bus", artist="Sam O'Hare")
    await life.teach("Night Bus", artist="Roof Fox")
    await life.store.removals.add("Roof Fox", None)
    lessons = await gather(life.store, (), CAPS, await ground_of(life))
    assert [song.title for song in lessons.lyrics.songs] == ["Noon Bus"]

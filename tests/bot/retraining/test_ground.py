"""What was withdrawn is unlearned by the next run, and nothing else is."""

import pytest

from bot.config import Config
from bot.errors import NothingToTrain, WentBack
from bot.retraining.ground import find_ground, is_ground
from bot.retraining.schedule import Schedule
from tests.bot.retraining.conftest import GOOD, Life


async def three_songs(life: Life) -> list[str]:
    """Each learned by a version of its own; the versions, the starter first."""
    versions = [life.generation.live_version]
    for title in ("Noon Bus", "Night Bus", "Tram"):
        await life.teach(title)
        versions.append(str((await life.run(GOOD)).candidate))
    return versions


async def withdraw(life: Life, title: str) -> None:
    (found,) = (each for each in await life.store.lyrics.approved() if each.title == title)
    await life.store.lyrics.withdraw(found.id)


async def test_nothing_withdrawn_the_live_version_is_the_ground(life: Life) -> None:
    versions = await three_songs(life)
    ground = await find_ground(life.config, life.store, versions[-1])
    assert (ground.version, ground.missed) == (versions[-1], ())
    assert ground.line == tuple(reversed(versions))


async def test_the_next_run_starts_before_the_withdrawn_song_and_learns_the_rest_again(
    life: Life,
) -> None:
    versions = await three_songs(life)
    await withdraw(life, "Night Bus")
    run = await life.run(GOOD)  # with nothing new
    assert (run.state, run.parent_checkpoint, run.num_lyrics) == ("promoted", versions[1], 1)
    assert life.generation.live_version == run.candidate
    live = await life.store.checkpoints.live()
    assert live is not None
    assert live.parent == versions[1]
    marked = await life.store.versions.with_withdrawn()
    assert set(marked) == set(versions[2:])  # those of before, and not the new one
    with pytest.raises(NothingToTrain):
        await life.start()


async def test_new_songs_come_along(life: Life) -> None:
    versions = await three_songs(life)
    await withdraw(life, "Tram")
    await life.teach("Ferry")
    run = await life.run(GOOD)
    assert (run.parent_checkpoint, run.num_lyrics) == (versions[2], 1)


async def test_where_nothing_is_left_to_learn_the_version_of_before_is_live_again(
    life: Life,
) -> None:
    versions = await three_songs(life)
    await withdraw(life, "Tram")
    with pytest.raises(WentBack):
        await life.start()
    assert life.generation.live_version == versions[2]
    live = await life.store.checkpoints.live()
    assert live is not None
    assert live.version == versions[2]


async def test_the_clock_replaces_too_without_enough_new_lyrics(life: Life) -> None:
    await three_songs(life)
    begun = []

    async def begin() -> None:
        begun.append(1)

    schedule = Schedule(life.config.retraining, life.store, begin)
    await schedule.tick()
    assert not begun
    await withdraw(life, "Night Bus")
    await schedule.tick()
    assert begun


async def test_an_ancestor_is_ground_only_while_the_live_one_must_be_replaced(
    life: Life, config: Config
) -> None:
    versions = await three_songs(life)
    assert await is_ground(life.store, versions[3], versions[3])
    assert not await is_ground(life.store, versions[1], versions[3])
    await withdraw(life, "Night Bus")
    assert await is_ground(life.store, versions[1], versions[3])
    assert not await is_ground(life.store, "elsewhere", versions[3])

"""Followers of a run see the latest, miss what was in between, and never the verdict."""

import asyncio

import pytest

from bot.locale import Sentence
from bot.retraining.progress import ProgressFeed, Stage, TrainingProgress, Verdict

QUEUED = TrainingProgress(stage="queued", fraction=0.0)
DONE = TrainingProgress(
    stage="done",
    fraction=1.0,
    verdict=Verdict(state="rejected", reason=Sentence.verbatim("Not better.")),
)


def at(fraction: float) -> TrainingProgress:
    return TrainingProgress(stage="training", fraction=fraction)


async def test_a_follower_sees_the_latest_at_once() -> None:
    feed = ProgressFeed(QUEUED)
    feed.publish(at(0.5))
    assert await anext(feed.follow()) == at(0.5)


async def test_a_slow_follower_skips_to_the_latest_and_a_quick_one_sees_all() -> None:
    feed = ProgressFeed(QUEUED)
    slow, quick = feed.follow(), feed.follow()
    assert await anext(slow) == QUEUED
    seen = [await anext(quick)]
    for fraction in (0.1, 0.2, 0.3):
        feed.publish(at(fraction))
        seen.append(await anext(quick))
    assert [each.fraction for each in seen] == [0.0, 0.1, 0.2, 0.3]
    assert await anext(slow) == at(0.3)


async def test_everybody_gets_the_verdict_and_is_done() -> None:
    feed = ProgressFeed(QUEUED)

    async def follow() -> list[TrainingProgress]:
        return [progress async for progress in feed.follow()]

    followers = [asyncio.create_task(follow()) for _ in range(3)]
    await asyncio.sleep(0)
    feed.publish(at(0.9))
    feed.publish(DONE)
    late = asyncio.create_task(follow())
    async with asyncio.timeout(5):
        for follower in (*followers, late):
            assert (await follower)[-1] == DONE


@pytest.mark.parametrize("stage", ["queued", "replay", "artists", "training", "measuring", "done"])
def test_every_stage_has_a_sentence(stage: Stage) -> None:
    assert str(TrainingProgress(stage=stage, fraction=0.0).message).endswith(".")
    assert str(DONE.message) == "Not better."

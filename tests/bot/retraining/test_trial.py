"""A version on trial writes its share and no more, and the votes on it decide."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import time_machine

from bot.config import Config
from bot.errors import TrialUnderWay
from bot.generation import SamplingParameters, VerseRequest
from bot.generation.shares import is_drawn
from bot.retraining import ModelVersions
from bot.retraining.trial import decide
from bot.store import VoteCount
from bot.store.training_runs import TrainingRunStore
from bot.store.types import utc_now
from tests.bot.retraining.conftest import GOOD, Life, living
from tests.bot.retraining.test_recovery import live_until
from tests.bot.store.examples import new_verse


@pytest.fixture
def config(config: Config) -> Config:
    trial = {"shadow_share": 0.5, "shadow_min_votes": 10, "shadow_max_hours": 24.0}
    return config.model_copy(update={"retraining": config.retraining.model_copy(update=trial)})


@pytest.fixture
async def on_trial(config: Config) -> AsyncIterator[tuple[Life, str]]:
    """A life in which a run has passed the gate, and its candidate."""
    async with living(config) as life:
        await life.teach("Noon Bus")
        run = await life.run(GOOD)
        assert run.state == "promoted"
        assert "50% of the verses" in str(run.reason)
        yield life, str(run.candidate)


async def state_of(life: Life, version: str) -> str:
    found = await life.store.checkpoints.get(version)
    assert found is not None
    return found.state


async def writers(life: Life, num: int = 12) -> list[str]:
    """Who writes the verses of so many requests."""
    sampling = SamplingParameters(repetition_penalty=1.0)
    written = [
        await life.generation.generate(
            VerseRequest(
                user_id=1,
                artist="Mara Quill",
                seed="slim",
                lines=1,
                sampling=sampling,
                draw=draw,
            )
        )
        for draw in range(num)
    ]
    return [verse.checkpoint for verse in written]


async def vote(life: Life, version: str, up: int, down: int) -> None:
    verse = await life.store.verses.add(new_verse(checkpoint=version))
    for member in range(up + down):
        await life.store.votes.cast(verse.id, member, 1 if member < up else -1)


async def test_it_writes_its_share_always_of_the_same_requests(
    on_trial: tuple[Life, str],
) -> None:
    life, candidate = on_trial
    assert life.generation.live_version == "starter-1"
    expected = [candidate if is_drawn(draw, 0.5) else "starter-1" for draw in range(12)]
    assert await writers(life) == expected
    assert len(set(expected)) == 2


def test_a_share_is_a_share() -> None:
    assert sum(is_drawn(draw, 0.2) for draw in range(10_000)) == pytest.approx(2_000, abs=150)
    assert not any(is_drawn(draw, 0.0) for draw in range(100))
    assert not is_drawn(None, 0.9)


@pytest.mark.parametrize(("up", "down", "outcome"), [(9, 3, "taken"), (0, 30, "dropped")])
async def test_votes_decide(on_trial: tuple[Life, str], up: int, down: int, outcome: str) -> None:
    life, candidate = on_trial
    await vote(life, "starter-1", 12, 8)
    assert await life.trial.look() is None  # nobody has voted on the candidate
    await vote(life, candidate, up, down)
    assert await life.trial.look() == outcome
    is_taken = outcome == "taken"
    assert await state_of(life, candidate) == ("live" if is_taken else "rejected")
    assert life.generation.live_version == (candidate if is_taken else "starter-1")
    assert set(await writers(life, 6)) == {life.generation.live_version}
    assert life.checkpoints == ([candidate] if is_taken else [])
    assert await life.trial.look() is None


async def test_when_the_time_is_up_it_is_decided_by_what_is_known(
    on_trial: tuple[Life, str],
) -> None:
    life, candidate = on_trial
    with time_machine.travel(utc_now() + timedelta(hours=25), tick=True):
        assert await life.trial.look() == "taken"
    assert await state_of(life, candidate) == "live"


async def test_a_restart_goes_on_with_it(config: Config) -> None:
    async with living(config) as life:
        await life.teach("Noon Bus")
        candidate = str((await life.run(GOOD)).candidate)
    async with living(config) as life:
        assert life.generation.live_version == "starter-1"
        assert set(await writers(life)) == {"starter-1", candidate}


async def test_a_restart_between_the_trial_and_its_note_keeps_both(config: Config) -> None:
    await live_until(config, TrainingRunStore, "finish")
    async with living(config) as life:
        run = await life.store.training_runs.latest()
        assert run is not None
        assert run.state == "promoted"
        assert await state_of(life, str(run.candidate)) == "shadow"


async def test_a_version_that_is_gone_is_not_tried_out_any_more(config: Config) -> None:
    async with living(config) as life:
        await life.teach("Noon Bus")
        candidate = str((await life.run(GOOD)).candidate)
    (config.checkpoints_dir / candidate / "weights.safetensors").write_bytes(b"")
    async with living(config) as life:
        assert await state_of(life, candidate) == "rejected"
        assert set(await writers(life, 4)) == {"starter-1"}


async def test_meanwhile_no_run_starts_and_an_admin_may_decide(
    on_trial: tuple[Life, str],
) -> None:
    life, candidate = on_trial
    await life.teach("Night Bus")
    with pytest.raises(TrialUnderWay):
        await life.start()
    versions = ModelVersions(
        life.config, life.store, life.generation, life.retraining.cancel, life.trial
    )
    taken = await versions.end_trial(candidate, "taken")
    assert taken.is_live
    again = await life.run(GOOD)
    assert again.parent_checkpoint == candidate
    # A rollback ends the trial of what was built on what it undoes.
    await versions.roll_back("starter-1", 77)
    assert await state_of(life, str(again.candidate)) == "rejected"
    assert set(await writers(life, 4)) == {"starter-1"}


@pytest.mark.parametrize(
    ("candidate", "is_time_up", "outcome"),
    [
        ((20, 20), False, "taken"),
        ((15, 25), False, None),  # worse, or so it seems
        ((5, 35), False, "dropped"),
        ((3, 1), False, None),  # too few
        ((15, 25), True, "dropped"),
        ((0, 0), True, "taken"),
    ],
)
def test_what_is_decided(candidate: tuple[int, int], is_time_up: bool, outcome: str | None) -> None:
    votes = VoteCount(up=candidate[0], down=candidate[1])
    live = VoteCount(up=20, down=20)
    assert decide(votes, live, 10, is_time_up=is_time_up) == outcome

"""The clock starts a run when enough is new, and says so when it does not."""

import logging
from datetime import UTC, datetime

import pytest

from bot.config import Config, RetrainingConfig
from bot.errors import DatabaseError, TrainingBusy
from bot.retraining.schedule import Schedule
from tests.bot.retraining.conftest import GOOD, Life
from tests.bot.store.examples import new_verse


class Runs:
    def __init__(self, error: Exception | None = None) -> None:
        self.count = 0
        self._error = error

    async def begin(self) -> None:
        self.count += 1
        if self._error:
            raise self._error


def schedule(life: Life, runs: Runs, **settings: object) -> Schedule:
    config = life.config.retraining.model_copy(update={"min_new_lyrics": 2, **settings})
    return Schedule(config, life.store, runs.begin)


async def test_too_few_new_lyrics_are_a_line_in_the_log(
    life: Life, caplog: pytest.LogCaptureFixture
) -> None:
    await life.teach("Noon Bus")
    runs = Runs()
    with caplog.at_level(logging.INFO):
        await schedule(life, runs).tick()
    assert runs.count == 0
    assert "1 lyrics are new, and a run needs 2" in caplog.text


async def test_enough_new_lyrics_start_a_run(life: Life) -> None:
    await life.teach("Noon Bus", "Night Bus")
    runs = Runs()
    await schedule(life, runs).tick()
    assert runs.count == 1


@pytest.mark.parametrize(("share", "num_runs"), [(0.5, 1), (0.0, 0)])
async def test_enough_new_votes_start_a_run_where_votes_teach(
    life: Life, share: float, num_runs: int
) -> None:
    for voter in range(1, 11):
        verse = await life.store.verses.add(new_verse())
        await life.store.votes.cast(verse.id, voter, 1)
    runs = Runs()
    await schedule(life, runs, min_votes=11, votes_share=share).tick()
    assert runs.count == 0
    await schedule(life, runs, min_votes=10, votes_share=share).tick()
    assert runs.count == num_runs


@pytest.mark.parametrize("error", [TrainingBusy(3), DatabaseError("It is locked.", "Wait.")])
async def test_what_prevents_a_run_is_logged_and_the_clock_goes_on(
    life: Life, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    await life.teach("Noon Bus", "Night Bus")
    await schedule(life, Runs(error)).tick()
    assert str(error) in caplog.text


async def test_the_cron_is_read_in_its_time_zone(life: Life) -> None:
    one = schedule(life, Runs(), cron="30 3 * * sun", timezone="Europe/Berlin")
    (job,) = one._scheduler.get_jobs()
    saturday = datetime(2026, 1, 3, 12, tzinfo=UTC)
    fires = job.trigger.get_next_fire_time(None, saturday)
    assert fires.astimezone(UTC) == datetime(2026, 1, 4, 2, 30, tzinfo=UTC)


async def test_a_missed_time_is_caught_up_once(life: Life) -> None:
    (job,) = schedule(life, Runs())._scheduler.get_jobs()
    assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)


async def test_the_service_runs_by_the_clock(life: Life) -> None:
    """Entering the service started the schedule; its job starts runs as the schedule's."""
    await life.teach("Noon Bus")
    life.plan(GOOD)
    await life.retraining._start_by_schedule()
    run = await life.store.training_runs.latest()
    assert run is not None
    assert (run.trigger, run.requested_by) == ("schedule", None)
    await life.follow(run)


def test_the_shipped_settings_make_a_schedule(config: Config) -> None:
    assert RetrainingConfig().cron == config.retraining.cron

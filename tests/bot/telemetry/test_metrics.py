"""What is noted is what Prometheus reads."""

import asyncio

import pytest

from bot.errors import QueueFull
from bot.telemetry.metrics import Metrics


def lines(metrics: Metrics) -> list[str]:
    return metrics.text().decode().splitlines()


async def make_verse(metrics: Metrics, error: BaseException | None = None) -> None:
    with metrics.making("verse"):
        if error is not None:
            raise error


async def test_a_verse_counts_by_what_became_of_it() -> None:
    metrics = Metrics()
    await make_verse(metrics)
    for error in (QueueFull(3.0), asyncio.CancelledError(), ZeroDivisionError()):
        with pytest.raises(type(error)):
            await make_verse(metrics, error)
    for outcome in ("answered", "refused", "cancelled", "failed"):
        assert f'cypher_works_total{{kind="verse",outcome="{outcome}"}} 1.0' in lines(metrics)
    assert 'cypher_work_seconds_count{kind="verse"} 1.0' in lines(metrics)


def test_the_sum_of_the_rows_counts_the_tokens() -> None:
    metrics = Metrics()
    for rows in (1, 8, 8):
        metrics.engine_step("verse", rows)
    assert 'cypher_batch_rows_sum{kind="verse"} 17.0' in lines(metrics)
    assert 'cypher_batch_rows_count{kind="verse"} 3.0' in lines(metrics)


def test_a_gauge_is_looked_up_when_asked_for() -> None:
    metrics, waiting = Metrics(), [3]
    metrics.gauge("cypher_waiting", "In the queue.", lambda: waiting[0])
    assert "cypher_waiting 3.0" in lines(metrics)
    waiting[0] = 5
    assert "cypher_waiting 5.0" in lines(metrics)

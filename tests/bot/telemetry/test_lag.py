"""The lag of the event loop: true while it hangs, told once, bounded."""

import asyncio
import time

import pytest
import uvloop

from bot.telemetry.lag import TICK_S, LoopLag, lag_status, spread

HANG_S = 0.3
CLOCK_S = 0.002  # uvloop counts whole milliseconds


def hang() -> None:
    """As work on the event loop does that should not be there."""
    time.sleep(HANG_S)


async def test_a_loop_that_hangs_is_late_for_everything_that_was_due_meanwhile() -> None:
    async with LoopLag() as lag:
        await asyncio.sleep(TICK_S)
        started = time.perf_counter()
        lag.take()
        hang()
        late_ms = lag.take()
        elapsed_s = time.perf_counter() - started
    assert len(late_ms) == pytest.approx(elapsed_s / TICK_S, abs=2)
    assert HANG_S - TICK_S < late_ms[0] / 1000 < elapsed_s + CLOCK_S
    assert late_ms[-1] <= TICK_S * 1000
    assert late_ms == sorted(late_ms, reverse=True)


def test_a_hang_is_as_late_on_the_loop_that_serves_discord() -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(test_a_loop_that_hangs_is_late_for_everything_that_was_due_meanwhile())


async def test_a_loop_at_rest_is_watched_without_a_gap() -> None:
    started = time.perf_counter()
    async with LoopLag() as lag:
        await asyncio.sleep(0.2)
        late_ms = lag.take()
        elapsed_s = time.perf_counter() - started
    assert len(late_ms) == pytest.approx(elapsed_s / TICK_S, abs=2)


async def test_what_was_told_is_not_told_again() -> None:
    async with LoopLag() as lag:
        hang()
        told = lag.take()
        assert max(lag.take(), default=0.0) < max(told)


async def test_of_a_process_that_stood_still_for_an_hour_a_minute_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop = asyncio.get_running_loop()
    async with LoopLag() as lag:
        now = loop.time()
        monkeypatch.setattr(loop, "time", lambda: now + 3600)
        assert len(lag.take()) == pytest.approx(60 / TICK_S, abs=1)
        monkeypatch.undo()


def test_percentiles_are_values_that_were_seen() -> None:
    assert spread([*range(1, 101)]) == {"p50": 50, "p99": 99, "max": 100}
    assert spread([7.0]) == {"p50": 7.0, "p99": 7.0, "max": 7.0}
    assert spread([0.0] * 98 + [5.0, 9.0]) == {"p50": 0.0, "p99": 5.0, "max": 9.0}


def test_where_nothing_was_due_there_is_nothing_to_tell() -> None:
    assert lag_status([]) is None
    assert lag_status([1.0, 3.0]) == {"p50": 1.0, "p99": 3.0, "max": 3.0, "ticks": [1.0, 3.0]}

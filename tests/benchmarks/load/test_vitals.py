"""The lag of the bot's event loop over a stretch of time, out of its heartbeats."""

import os
from pathlib import Path

import pytest

from benchmarks.load.vitals import Heartbeats, errors_in, resident_mb
from bot.telemetry.health import Status
from bot.telemetry.lag import TICK_S

LOG = """\
2026-11-25T16:02:12.000Z INFO    bot.gateway: no ERROR here
2026-11-25T16:02:13.076Z ERROR   bot.views.mistakes: Interaction failed, reference 1a2b3c4d
Traceback (most recent call last):
  File "/srv/cypher/bot/store/database.py", line 42, in reader
bot.errors.DatabaseError: The database is too busy.
2026-11-25T16:02:14.076Z ERROR   bot.views.mistakes: Interaction failed, reference 00000007
"""


def beat(time: float, *late_ms: float) -> Status:
    return {"time": time, "loop_lag_ms": {"ticks": [*late_ms]} if late_ms else None}


def test_ticks_count_by_when_they_were_due_whichever_beat_told_of_them() -> None:
    heartbeats = Heartbeats(
        Path(), [beat(10.0, 1, 2, 3), beat(10.0), beat(10.0 + 3 * TICK_S, 4, 5, 6)]
    )
    assert heartbeats.late_ms(0, 20) == [1, 2, 3, 4, 5, 6]
    half = TICK_S / 2
    assert heartbeats.late_ms(10 - TICK_S - half, 10 + TICK_S + half) == [2, 3, 4]
    assert heartbeats.late_ms(11, 12) == []


def test_errors_of_the_log_are_counted_whatever_their_numbers() -> None:
    assert errors_in(LOG) == {
        "bot.views.mistakes: Interaction failed, reference …": 2,
        "bot.errors.DatabaseError: The database is too busy.": 1,
    }


def test_memory_is_that_of_the_process() -> None:
    before = resident_mb(os.getpid())
    held = b"x" * 50_000_000
    assert resident_mb(os.getpid()) - before == pytest.approx(len(held) / 2**20, rel=0.2)

"""The health file tells whether the bot is alive, and nothing else can make it look so."""

import asyncio
import json
import os
import time
from pathlib import Path

import pytest

from bot.telemetry.health import FILE_NAME, Heartbeat, read_health

STATUS = {"ready": True, "checkpoint": "starter", "beats": "b1", "num_waiting": 2}


def write(folder: Path, **beat: object) -> None:
    (folder / FILE_NAME).write_text(json.dumps({"pid": 7, "time": time.time()} | beat))


async def until_beaten(folder: Path, after: float) -> None:
    async with asyncio.timeout(5):
        while json.loads((folder / FILE_NAME).read_text())["time"] <= after:
            await asyncio.sleep(0.005)


async def test_a_running_bot_is_healthy_from_the_start(tmp_path: Path) -> None:
    async with Heartbeat(tmp_path, lambda: STATUS):
        health = read_health(tmp_path)
    assert health.is_healthy
    assert health.message == "The bot is well: checkpoint starter, beats by b1, 2 waiting."
    assert health.beat["pid"] == os.getpid()


async def test_an_operator_reads_how_late_the_event_loop_is(tmp_path: Path) -> None:
    lag = {"p50": 0.1, "p99": 41.6, "max": 60.0}
    async with Heartbeat(tmp_path, lambda: {"ready": True, "loop_lag_ms": lag}):
        assert read_health(tmp_path).message == "The bot is well: event loop 42 ms late (p99)."
    async with Heartbeat(tmp_path, lambda: {"ready": True, "loop_lag_ms": None}):
        assert read_health(tmp_path).message == "The bot is well."


async def test_the_heart_goes_on_beating_with_the_status_of_the_moment(tmp_path: Path) -> None:
    waiting = iter(range(1_000_000))
    async with Heartbeat(
        tmp_path, lambda: {"ready": True, "num_waiting": next(waiting)}, interval_s=0.01
    ):
        first = read_health(tmp_path).beat
        await until_beaten(tmp_path, after=first["time"])
        assert read_health(tmp_path).beat["num_waiting"] > first["num_waiting"]


async def test_a_stopped_bot_leaves_no_file_behind(tmp_path: Path) -> None:
    async with Heartbeat(tmp_path, lambda: STATUS, interval_s=0.001):
        await asyncio.sleep(0.01)
    health = read_health(tmp_path)
    assert not health.is_healthy
    assert health.message.startswith(f"No bot runs on {tmp_path}; start one with")
    assert [*tmp_path.iterdir()] == []


async def test_leaving_does_not_wait_for_the_next_beat(tmp_path: Path) -> None:
    async with asyncio.timeout(5):
        async with Heartbeat(tmp_path, lambda: STATUS, interval_s=3600):
            pass


async def test_a_status_that_fails_is_logged_once_and_lets_the_bot_live(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> dict[str, object]:
        raise RuntimeError("the queue is gone")

    async with Heartbeat(tmp_path, broken, interval_s=0.001):
        await asyncio.sleep(0.02)
        assert not read_health(tmp_path).is_healthy
    assert sum(record.levelname == "ERROR" for record in caplog.records) == 1
    assert "the queue is gone" in caplog.text


async def test_a_folder_that_cannot_be_written_lets_the_bot_live(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    async with Heartbeat(tmp_path / "file", lambda: STATUS):
        pass


async def test_the_file_is_never_seen_half_written(tmp_path: Path) -> None:
    long = {"ready": True, "checkpoint": "x" * 100_000}
    async with Heartbeat(tmp_path, lambda: long, interval_s=0):
        for _ in range(200):
            assert read_health(tmp_path).is_healthy
            await asyncio.sleep(0)


@pytest.mark.parametrize("age_s", [60, -60])
def test_a_beat_of_another_time_is_a_dead_bot(tmp_path: Path, age_s: float) -> None:
    write(tmp_path, ready=True, time=time.time() - age_s)
    health = read_health(tmp_path, max_age_s=45)
    assert not health.is_healthy
    assert health.message == "The bot (process 7) was last heard of 60 s ago; restart it."


@pytest.mark.parametrize("beat", [{}, {"ready": False}])
def test_a_bot_that_is_not_ready_is_not_healthy(tmp_path: Path, beat: dict[str, object]) -> None:
    write(tmp_path, **beat)
    health = read_health(tmp_path)
    assert not health.is_healthy
    assert "not ready" in health.message


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"pid": "x", "time": 1}', "\xff"])
def test_a_damaged_file_is_not_healthy(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_bytes(text.encode("latin-1"))
    health = read_health(tmp_path)
    assert not health.is_healthy
    assert "cannot be read" in health.message

"""The heartbeat of a running bot: a small file that is written anew every few seconds."""

import asyncio
import json
import logging
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

FILE_NAME = "health.json"
INTERVAL_S = 10.0
MAX_AGE_S = 45.0

_log = logging.getLogger(__name__)

Status = Mapping[str, Any]


class Heartbeat:
    """Writes `status()` to the data folder at once and then every `interval_s`, while entered.

    The status should say `ready` (may the bot be used?), `checkpoint` (the live version), `beats`
    (that of beats, or None), `num_waiting` (verses and beats in the queue) and `loop_lag_ms` (see
    lag.py; since the last beat). It is asked for on the event loop, so that a loop that hangs stops
    the heart; the file is written on a thread. On leaving, the file is removed.
    """

    def __init__(
        self, data_dir: Path, status: Callable[[], Status], *, interval_s: float = INTERVAL_S
    ) -> None:
        self._path = data_dir / FILE_NAME
        self._status = status
        self._interval_s = interval_s
        self._task: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()
        self._is_failing = False

    async def __aenter__(self) -> Self:
        await self._beat()
        self._task = asyncio.create_task(self._run(), name="heartbeat")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop.set()  # not cancelled: a write under way would bring the file back
        if self._task:
            await self._task
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    async def _run(self) -> None:
        while not self._stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), self._interval_s)
            if not self._stop.is_set():
                await self._beat()

    async def _beat(self) -> None:
        """Never raises: a bot whose status cannot be told or written goes on, and counts as ill."""
        try:
            beat = {"pid": os.getpid(), "time": time.time(), **self._status()}
            await asyncio.to_thread(_replace, self._path, json.dumps(beat))
        except Exception:  # noqa: BLE001 - logged, whatever the status runs into
            level = logging.DEBUG if self._is_failing else logging.ERROR
            _log.log(level, "The health file %s could not be written", self._path, exc_info=True)
            self._is_failing = True
        else:
            self._is_failing = False


def _replace(path: Path, text: str) -> None:
    """Whoever reads the file sees the old text or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


@dataclass(frozen=True, slots=True)
class HealthStatus:
    """`message` is one sentence for the operator; `beat` is what the bot last wrote."""

    is_healthy: bool
    message: str
    beat: Status = field(default_factory=dict)


def read_health(data_dir: Path, max_age_s: float = MAX_AGE_S) -> HealthStatus:
    path = data_dir / FILE_NAME
    try:
        beat = json.loads(path.read_text(encoding="utf-8"))
        age_s = abs(time.time() - float(beat["time"]))
        pid = int(beat["pid"])
    except FileNotFoundError:
        return HealthStatus(
            False, f"No bot runs on {data_dir}; start one with python -m bot run --data {data_dir}."
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        return HealthStatus(
            False, f"{path} cannot be read ({error}); see the log, and restart the bot."
        )
    if age_s > max_age_s:
        ill = f"The bot (process {pid}) was last heard of {age_s:.0f} s ago; restart it."
        return HealthStatus(False, ill, beat)
    if not beat.get("ready"):
        slow = f"The bot (process {pid}) runs but is not ready; if that lasts, see the log."
        return HealthStatus(False, slow, beat)
    return HealthStatus(True, f"The bot is well{_details(beat)}.", beat)


def _details(beat: Status) -> str:
    known = [
        ("checkpoint", "checkpoint {}"),
        ("beats", "beats by {}"),
        ("num_waiting", "{} waiting"),
    ]
    parts = [text.format(beat[key]) for key, text in known if beat.get(key) is not None]
    if lag := beat.get("loop_lag_ms"):
        parts.append(f"event loop {lag['p99']:.0f} ms late (p99)")
    return f": {', '.join(parts)}" if parts else ""

"""What the bot's process tells of itself: memory by /proc, lag by heartbeats, errors by its log."""

import asyncio
import contextlib
import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.telemetry.health import INTERVAL_S, Status, read_health
from bot.telemetry.lag import TICK_S

_SECONDS_BETWEEN_LOOKS = 0.5
# An error in the log, or the last line of a traceback; and what differs from one to the next.
_ERROR = re.compile(
    r"^(?:\S+ ERROR +(?P<said>.+)|(?P<raised>(?:\w+\.)*\w+(?:Error|Exception)\b.*))$", re.MULTILINE
)
_REFERENCE = re.compile(r"\b[0-9a-f]{8}\b|\d+")


def resident_mb(pid: int) -> float:
    """Linux only."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(f"process {pid} has no memory left")


def errors_in(output: str) -> dict[str, int]:
    """How often each was logged or raised, whatever its numbers."""
    found = (each["said"] or each["raised"] for each in _ERROR.finditer(output))
    return dict(Counter(_REFERENCE.sub("…", text) for text in found))


@dataclass
class Heartbeats:
    """Every heartbeat that a bot wrote to its data folder while this was watching."""

    data: Path
    beats: list[Status] = field(default_factory=list)

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        watch = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watch.cancel()

    async def until(self, moment: float) -> None:
        """Until a heartbeat has told of all that was due by then. Raises TimeoutError."""
        async with asyncio.timeout(6 * INTERVAL_S):
            while not self.beats or self.beats[-1]["time"] < moment:
                self._look()
                await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    def late_ms(self, begin: float, end: float) -> list[float]:
        """How late the bot's event loop was, for every tick between these moments."""
        return [late for beat in self.beats for due, late in _ticks(beat) if begin <= due <= end]

    async def _watch(self) -> None:
        while True:
            self._look()
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    def _look(self) -> None:
        beat = read_health(self.data).beat
        if beat and (not self.beats or beat["time"] != self.beats[-1]["time"]):
            self.beats.append(beat)


def _ticks(beat: Status) -> list[tuple[float, float]]:
    """When each was due, and how late it was: the last was due at most one tick before the beat."""
    ticks = (beat["loop_lag_ms"] or {}).get("ticks", [])
    first = beat["time"] - len(ticks) * TICK_S
    return [(first + number * TICK_S, late) for number, late in enumerate(ticks, start=1)]

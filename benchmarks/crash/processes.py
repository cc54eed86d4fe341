"""Stops a process dead, and follows what it leaves behind. Reads /proc, so Linux only."""

import asyncio
import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

_SECONDS_BETWEEN_LOOKS = 0.05


@dataclass(frozen=True, slots=True)
class Process:
    """With the tick at which it was started, because numbers of processes come round again."""

    pid: int
    parent: int
    state: str
    started: str

    @property
    def is_alive(self) -> bool:
        now = _read(self.pid)
        return now is not None and now.started == self.started and now.state not in "ZX"

    @property
    def command(self) -> str:
        try:
            return Path(f"/proc/{self.pid}/cmdline").read_text().replace("\0", " ")[:120]
        except OSError:
            return ""


def kill_hard(pid: int) -> list[Process]:
    """SIGKILL; gives the processes that it had started. It is stopped first, to count them."""
    os.kill(pid, signal.SIGSTOP)
    children = _descendants(pid)
    os.kill(pid, signal.SIGKILL)
    return children


async def wait_until_gone(processes: list[Process], timeout_s: float) -> list[Process]:
    """Those that still run after that time; they are ended then."""
    deadline = time.monotonic() + timeout_s
    left = [each for each in processes if each.is_alive]
    while left and time.monotonic() < deadline:
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        left = [each for each in left if each.is_alive]
    for each in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(each.pid, signal.SIGKILL)
    return left


def _descendants(pid: int) -> list[Process]:
    numbers = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    everything = [each for each in map(_read, numbers) if each is not None]
    found: list[Process] = []
    parents = {pid}
    while parents:
        children = [each for each in everything if each.parent in parents]
        found += children
        parents = {each.pid for each in children}
    return found


def _read(pid: int) -> Process | None:
    """None for a process that has ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The second field is the name, in parentheses, and may itself hold spaces and parentheses.
    fields = text.rpartition(")")[2].split()
    return Process(pid, parent=int(fields[1]), state=fields[0], started=fields[19])

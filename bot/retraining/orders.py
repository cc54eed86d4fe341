"""What the bot tells its training child, a line at a time, as the child hears it.

`until SECONDS` says how long it may go on, on the clock of `lease.now`; there is none until the
first. `pause` asks it to step aside, `go` to go on. The end of the pipe means that the bot has
died.
"""

import os
import select
import threading
from collections.abc import Callable

from bot.retraining.lease import now


class Orders:
    """Heard in a thread of their own, which ends the process when it may not go on.

    They come by `source`, the bare descriptor: a reader of sys.stdin would hold a lock that the
    interpreter's end needs.
    """

    def __init__(self, source: int = 0, end: Callable[[int], object] = os._exit) -> None:
        self._source = source
        self._end = end
        self._until: float | None = None
        self.free = threading.Event()  # while nobody else needs the machine
        self.free.set()

    def follow(self) -> None:
        threading.Thread(target=self._listen, daemon=True, name="orders").start()

    def _listen(self) -> None:
        heard = b""
        while self._is_there_more():
            part = os.read(self._source, 1024)
            if not part:
                break
            *lines, heard = (heard + part).split(b"\n")
            for line in lines:
                self._obey(line.decode())
        self._end(1)

    def _is_there_more(self) -> bool:
        """False when the time is up and no order lies in the pipe that says otherwise."""
        wait_s = None if self._until is None else max(0.0, self._until - now())
        return bool(select.select([self._source], [], [], wait_s)[0])

    def _obey(self, order: str) -> None:
        match order.split():
            case ["until", moment]:
                self._until = float(moment)
            case ["pause"]:
                self.free.clear()
            case ["go"]:
                self.free.set()

"""Taking turns with others on one machine: training that steps aside while they are at work."""

import threading
import time

import torch

from model.training.clock import Clock

LEAST_SHARE = 0.1  # of the time that training has, however much others want
_LONGEST_PAUSE_S = 30.0


class Turns(Clock):
    """`free` is set while nobody else needs the machine; others may clear it from their thread.

    Called, it gives seconds in which pauses do not count, so that they shorten no run.
    """

    def __init__(self, free: threading.Event, num_threads: int) -> None:
        self._free = free
        self._num_threads = num_threads
        self._worked_since = time.monotonic()
        self.paused_s = 0.0

    def __call__(self) -> float:
        return time.monotonic() - self.paused_s

    def step_aside(self) -> None:
        """Between two steps: waits while others are at work, but not so long that it never ends.

        A step that is taken nevertheless has one thread.
        """
        if self._free.is_set():
            return
        began = time.monotonic()
        worked = began - self._worked_since
        longest = min(_LONGEST_PAUSE_S, worked * (1 - LEAST_SHARE) / LEAST_SHARE)
        is_free = self._free.wait(longest)
        torch.set_num_threads(self._num_threads if is_free else 1)
        self._worked_since = time.monotonic()
        self.paused_s += self._worked_since - began

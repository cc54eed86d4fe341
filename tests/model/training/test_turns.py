"""Training steps aside for others, never for ever, and does not pay for it with its own time."""

import threading
import time

import pytest

from model.training import turns
from model.training.turns import Turns


def test_where_nobody_else_is_at_work_it_goes_straight_on() -> None:
    free = threading.Event()
    free.set()
    own = Turns(free, 1)
    own.step_aside()
    assert own.paused_s == 0


def test_it_waits_until_the_others_are_done() -> None:
    free = threading.Event()
    own = Turns(free, 1)
    own._worked_since -= 100  # it has worked long enough to wait long
    threading.Timer(0.2, free.set).start()
    before, began = own(), time.monotonic()
    own.step_aside()
    waited = time.monotonic() - began
    assert 0.1 < waited < 25
    assert own.paused_s == pytest.approx(waited, abs=0.1)
    assert own() - before < 0.1  # by its own clock no time has passed


def test_if_others_never_end_it_still_gets_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    class Never(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0.0)
            return False

    monkeypatch.setattr(turns, "_LONGEST_PAUSE_S", 5.0)
    own = Turns(Never(), 1)
    for worked in (0.1, 100.0):
        own._worked_since = time.monotonic() - worked
        own.step_aside()
    short, long = waits
    assert 0.9 <= short < 5  # nine times as long as it has worked
    assert long == 5.0

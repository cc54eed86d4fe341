"""A held stopwatch counts nothing."""

import pytest

from benchmarks.language_modelling.stopwatch import Stopwatch
from tests.benchmarks.language_modelling.helpers import Clock


def test_only_the_time_in_which_it_runs_is_counted() -> None:
    clock = Clock()
    stopwatch = Stopwatch(clock)
    clock.wait(2)
    with stopwatch.held():
        clock.wait(30)
    clock.wait(3)
    stopwatch.holding(clock.wait)(40)
    assert stopwatch() == 5


def test_what_fails_while_it_is_held_is_not_counted_either() -> None:
    clock = Clock()
    stopwatch = Stopwatch(clock)

    def fail() -> None:
        clock.wait(7)
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="middle"):
        stopwatch.holding(fail)()
    clock.wait(1)
    assert stopwatch() == 1

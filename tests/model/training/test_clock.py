"""A held stopwatch counts nothing; a clock counts everything."""

import pytest

from model.training.clock import Clock, Stopwatch
from tests.benchmarks.language_modelling.helpers import Clock as FakeClock


def test_only_the_time_in_which_it_runs_is_counted() -> None:
    clock = FakeClock()
    stopwatch = Stopwatch(clock)
    clock.wait(2)
    with stopwatch.held():
        clock.wait(30)
    clock.wait(3)
    assert stopwatch() == 5
    assert stopwatch.held_s == 30


def test_what_fails_while_it_is_held_is_not_counted_either() -> None:
    clock = FakeClock()
    stopwatch = Stopwatch(clock)

    def fail() -> None:
        with stopwatch.held():
            clock.wait(7)
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="middle"):
        fail()
    clock.wait(1)
    assert stopwatch() == 1


def test_a_clock_cannot_be_held() -> None:
    clock = Clock()
    with clock.held():
        before = clock()
    assert clock() >= before

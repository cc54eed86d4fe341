"""Arrivals: in order, within their time, at the rate that was asked for."""

import random

from benchmarks.load.scenario import Scenario


def test_arrivals_at_a_rate_keep_to_it_without_being_regular() -> None:
    scenario = Scenario.at_rate(50, 20, random.Random(0))
    gaps = [b - a for a, b in zip(scenario.arrivals, scenario.arrivals[1:], strict=False)]
    assert 900 < len(scenario.arrivals) < 1100
    assert min(gaps) >= 0
    assert max(gaps) > 3 / 50
    assert 0 <= scenario.arrivals[0] <= scenario.arrivals[-1] < 20


def test_the_same_seed_gives_the_same_arrivals() -> None:
    first, again, other = (Scenario.at_rate(5, 5, random.Random(seed)) for seed in (1, 1, 2))
    assert first == again != other


def test_a_burst_is_all_at_once() -> None:
    assert Scenario.burst(3) == Scenario("burst-3", (0.0, 0.0, 0.0))

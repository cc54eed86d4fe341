"""Estimates for those who wait."""

from hypothesis import given
from hypothesis import strategies as st

from bot.generation.pace import Pace


@given(st.lists(st.floats(0.01, 30.0), min_size=1, max_size=50))
def test_the_average_stays_between_what_was_seen(durations: list[float]) -> None:
    pace = Pace(num_slots=4)
    for duration in durations:
        pace.note(duration)
    assert min(durations) - 1e-6 <= pace.seconds_each <= max(durations) + 1e-6


def test_the_average_follows_a_lasting_change() -> None:
    pace = Pace(num_slots=4)
    for duration in [1.0] * 50 + [5.0] * 50:
        pace.note(duration)
    assert 4.9 < pace.seconds_each <= 5.0


def test_who_stands_further_back_waits_longer() -> None:
    pace = Pace(num_slots=2)
    pace.note(3.0)
    assert [pace.estimate_s(position) for position in (0, 1, 2, 4)] == [3.0, 4.5, 6.0, 9.0]


def test_a_full_queue_names_a_time_within_which_it_half_empties() -> None:
    pace = Pace(num_slots=64)
    pace.note(4.0)
    assert pace.retry_after_s(256) == 8.0
    assert pace.retry_after_s(1) == 1.0

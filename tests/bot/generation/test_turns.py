"""The worker's time is divided by weight, whatever a step of each engine costs."""

from hypothesis import given
from hypothesis import strategies as st

from bot.generation.turns import Turns

costs = st.floats(0.001, 0.1)


@given(st.lists(st.tuples(costs, costs), min_size=50, max_size=50), st.floats(0.2, 5.0))
def test_those_who_always_have_work_get_time_by_weight(
    steps: list[tuple[float, float]], weight: float
) -> None:
    turns, weights, used = Turns(), {0: 1.0, 1: weight}, [0.0, 0.0]
    for pair in steps:
        key = turns.next(weights)
        turns.note(key, pair[key], weights[key])
        used[key] += pair[key]
    # Two of the longest steps, by weight, is as far as they can be apart.
    assert abs(used[0] - used[1] / weight) <= 2 * 0.1 * max(1.0, 1 / weight)


def test_who_had_no_work_has_saved_nothing_up() -> None:
    turns = Turns()
    for _ in range(100):
        assert turns.next({0: 1.0}) == 0
        turns.note(0, 1.0, 1.0)
    chosen = []
    for _ in range(10):
        key = turns.next({0: 1.0, 1: 1.0})
        turns.note(key, 1.0, 1.0)
        chosen.append(key)
    assert chosen.count(1) in {5, 6}


def test_who_is_alone_gets_every_turn_and_is_not_punished_for_it() -> None:
    turns = Turns()
    for _ in range(100):
        turns.note(turns.next({1: 0.1}), 1.0, 0.1)
    assert turns.next({0: 1.0, 1: 0.1}) == 0
    turns.note(0, 1.0, 1.0)
    chosen = [0]
    for _ in range(40):
        key = turns.next({0: 1.0, 1: 0.1})
        turns.note(key, 1.0, 1.0 if key == 0 else 0.1)
        chosen.append(key)
    assert chosen.count(1) >= 2

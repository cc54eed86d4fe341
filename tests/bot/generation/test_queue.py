"""The fair queue: bounds, turns, positions and deadlines, checked against a plain model of each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueueFull, TooManyWaiting
from bot.generation.queue import FairQueue, Ticket

users = st.integers(0, 4)


def queue_of(max_waiting: int = 1_000, max_waiting_per_user: int = 1_000) -> FairQueue[int]:
    return FairQueue(max_waiting=max_waiting, max_waiting_per_user=max_waiting_per_user)


def push(
    queue: FairQueue[int], item: int, user_id: int, deadline: float = 1e9, now: float = 0.0
) -> Ticket[int]:
    return queue.push(
        item, user_id=user_id, lane="verse", deadline=deadline, now=now, retry_after_s=7.0
    )


def pop_all(queue: FairQueue[int], now: float = 0.0) -> list[Ticket[int]]:
    tickets = []
    while (ticket := queue.pop("verse", now)) is not None:
        tickets.append(ticket)
    return tickets


@given(st.lists(users, max_size=40), st.integers(1, 20), st.integers(1, 5))
def test_it_never_holds_more_than_its_bounds(
    arrivals: list[int], max_waiting: int, max_per_user: int
) -> None:
    queue, held = queue_of(max_waiting, max_per_user), dict.fromkeys(range(5), 0)
    for item, user_id in enumerate(arrivals):
        if held[user_id] == max_per_user:
            with pytest.raises(TooManyWaiting) as too_many:
                push(queue, item, user_id)
            assert too_many.value.limit == max_per_user
        elif sum(held.values()) == max_waiting:
            with pytest.raises(QueueFull) as full:
                push(queue, item, user_id)
            assert full.value.retry_after_s == 7.0
        else:
            push(queue, item, user_id)
            held[user_id] += 1
    assert len(queue) == sum(held.values())


@given(st.lists(users, max_size=40))
def test_every_ticket_comes_out_once_and_each_user_is_served_in_order(arrivals: list[int]) -> None:
    queue = queue_of()
    for item, user_id in enumerate(arrivals):
        push(queue, item, user_id)
    popped = pop_all(queue)
    assert sorted(ticket.item for ticket in popped) == [*range(len(arrivals))]
    for user_id in range(5):
        own = [ticket.item for ticket in popped if ticket.user_id == user_id]
        assert own == sorted(own)


@given(st.lists(users | st.none(), max_size=60))
def test_nobody_is_served_twice_while_another_waits_all_along(steps: list[int | None]) -> None:
    """A number is an arrival of that user, None is a pop."""
    queue, waiting = queue_of(), dict.fromkeys(range(5), 0)
    overtaken: dict[int, list[int]] = {}  # user who waits -> users served since
    for item, user_id in enumerate(steps):
        if user_id is not None:
            push(queue, item, user_id)
            waiting[user_id] += 1
            overtaken.setdefault(user_id, [])
            continue
        ticket = queue.pop("verse", 0.0)
        if ticket is None:
            assert not any(waiting.values())
            continue
        waiting[ticket.user_id] -= 1
        overtaken.pop(ticket.user_id)
        for served in overtaken.values():
            served.append(ticket.user_id)
            assert len(served) == len(set(served))
        if waiting[ticket.user_id]:
            overtaken[ticket.user_id] = []


def test_ten_requests_of_one_user_do_not_delay_the_first_of_another() -> None:
    queue = queue_of()
    for item in range(10):
        push(queue, item, user_id=1)
    push(queue, 99, user_id=2)
    assert [ticket.item for ticket in pop_all(queue)][:2] == [0, 99]


@given(st.lists(users, max_size=30), st.integers(0, 10))
def test_positions_tell_in_which_order_tickets_come_out(arrivals: list[int], num_pops: int) -> None:
    queue = queue_of()
    tickets = [push(queue, item, user_id) for item, user_id in enumerate(arrivals)]
    gone = [queue.pop("verse", 0.0) for _ in range(num_pops)]
    positions = {ticket: queue.position(ticket) for ticket in tickets if ticket not in gone}
    assert all(queue.position(ticket) == 0 for ticket in gone if ticket is not None)
    assert [positions[ticket] for ticket in pop_all(queue)] == [*range(1, len(positions) + 1)]


@given(st.lists(st.tuples(users, st.integers(1, 9)), max_size=30), st.integers(0, 10))
def test_an_expired_ticket_is_never_handed_out(arrivals: list[tuple[int, int]], now: int) -> None:
    queue = queue_of()
    for item, (user_id, deadline) in enumerate(arrivals):
        push(queue, item, user_id, deadline)
    popped = pop_all(queue, now)
    assert {ticket.item for ticket in popped} == {
        item for item, (_, deadline) in enumerate(arrivals) if deadline > now
    }


def test_expired_tickets_make_room() -> None:
    queue = queue_of(max_waiting=1, max_waiting_per_user=1)
    push(queue, 1, user_id=1, deadline=5.0)
    push(queue, 2, user_id=1, deadline=20.0, now=6.0)
    assert [ticket.item for ticket in pop_all(queue, now=7.0)] == [2]


@given(st.lists(users, min_size=1, max_size=20), st.data())
def test_a_removed_ticket_is_gone_and_the_others_stay(
    arrivals: list[int], data: st.DataObject
) -> None:
    queue = queue_of()
    tickets = [push(queue, item, user_id) for item, user_id in enumerate(arrivals)]
    victim = data.draw(st.sampled_from(tickets))
    assert queue.remove(victim)
    assert not queue.remove(victim)
    assert {ticket.item for ticket in pop_all(queue)} == {
        ticket.item for ticket in tickets if ticket is not victim
    }

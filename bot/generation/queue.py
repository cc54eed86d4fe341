"""Who is next: a bounded queue that takes turns between users."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.errors import QueueFull, TooManyWaiting

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, eq=False)
class Ticket(Generic[Item]):
    """A place in the queue. `deadline` is on the clock of the caller."""

    item: Item
    user_id: int
    lane: str
    deadline: float


class FairQueue(Generic[Item]):
    """Round-robin between users, first come first served within one. Pure: time is an argument.

    One user's ten requests do not delay another user's first. An expired ticket is never handed
    out; who waits for it has the same deadline and knows by then. What waits for another engine
    waits in another lane, and delays nobody in this one; the bounds are on all lanes together.
    """

    def __init__(self, *, max_waiting: int, max_waiting_per_user: int) -> None:
        self._max_waiting = max_waiting
        self._max_waiting_per_user = max_waiting_per_user
        # By lane, the users in the order of their turns; a line is never empty.
        self._lanes: dict[str, dict[int, deque[Ticket[Item]]]] = {}

    def __len__(self) -> int:
        return sum(len(line) for line in self._all_lines())

    def num_in(self, lane: str) -> int:
        """How many wait there."""
        return sum(len(line) for line in self._lanes.get(lane, {}).values())

    def push(
        self,
        item: Item,
        *,
        user_id: int,
        lane: str,
        deadline: float,
        now: float,
        retry_after_s: float,
    ) -> Ticket[Item]:
        """Raises TooManyWaiting, or QueueFull with `retry_after_s`."""
        self._drop_expired(now)
        if self._num_of(user_id) >= self._max_waiting_per_user:
            raise TooManyWaiting(self._max_waiting_per_user)
        if len(self) >= self._max_waiting:
            raise QueueFull(retry_after_s)
        ticket = Ticket(item, user_id, lane, deadline)
        self._lanes.setdefault(lane, {}).setdefault(user_id, deque()).append(ticket)
        return ticket

    def pop(self, lane: str, now: float) -> Ticket[Item] | None:
        """The next ticket there; its user goes to the end of the lane's round."""
        self._drop_expired(now)
        lines = self._lanes.get(lane)
        if not lines:
            return None
        user_id = next(iter(lines))
        line = lines.pop(user_id)
        ticket = line.popleft()
        if line:
            lines[user_id] = line
        return ticket

    def remove(self, ticket: Ticket[Item]) -> bool:
        """Give up a place; False when the ticket does not wait (any more)."""
        lines = self._lanes.get(ticket.lane, {})
        line = lines.get(ticket.user_id)
        if line is None or ticket not in line:
            return False
        line.remove(ticket)
        if not line:
            del lines[ticket.user_id]
        return True

    def position(self, ticket: Ticket[Item]) -> int:
        """How many pops of its lane away it is, 1 for the next one; 0 when it does not wait."""
        lines = self._lanes.get(ticket.lane, {})
        line = lines.get(ticket.user_id)
        if line is None or ticket not in line:
            return 0
        turn = line.index(ticket)  # handed out in this round, counted from 0
        before, is_ahead = 0, True
        for user_id, other in lines.items():
            is_ahead = is_ahead and user_id != ticket.user_id
            before += min(len(other), turn) + (is_ahead and len(other) > turn)
        return before + 1

    def _all_lines(self) -> Iterator[deque[Ticket[Item]]]:
        for lines in self._lanes.values():
            yield from lines.values()

    def _num_of(self, user_id: int) -> int:
        return sum(len(lines.get(user_id, ())) for lines in self._lanes.values())

    def _drop_expired(self, now: float) -> None:
        expired = [each for line in self._all_lines() for each in line if each.deadline <= now]
        for ticket in expired:
            self.remove(ticket)

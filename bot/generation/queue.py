"""Who is next: a bounded queue that takes turns between users."""

from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.errors import QueueFull, TooManyWaiting

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, eq=False)
class Ticket(Generic[Item]):
    """A place in the queue. `deadline` is on the clock of the caller."""

    item: Item
    user_id: int
    deadline: float


class FairQueue(Generic[Item]):
    """Round-robin between users, first come first served within one. Pure: time is an argument.

    One user's ten requests do not delay another user's first. An expired ticket is never handed
    out; who waits for it has the same deadline and knows by then.
    """

    def __init__(self, *, max_waiting: int, max_waiting_per_user: int) -> None:
        self._max_waiting = max_waiting
        self._max_waiting_per_user = max_waiting_per_user
        # The users in the order of their turns; a line is never empty.
        self._lines: dict[int, deque[Ticket[Item]]] = {}

    def __len__(self) -> int:
        return sum(len(line) for line in self._lines.values())

    def push(
        self, item: Item, *, user_id: int, deadline: float, now: float, retry_after_s: float
    ) -> Ticket[Item]:
        """Raises TooManyWaiting, or QueueFull with `retry_after_s`."""
        self._drop_expired(now)
        if len(self._lines.get(user_id, ())) >= self._max_waiting_per_user:
            raise TooManyWaiting(self._max_waiting_per_user)
        if len(self) >= self._max_waiting:
            raise QueueFull(retry_after_s)
        ticket = Ticket(item, user_id, deadline)
        self._lines.setdefault(user_id, deque()).append(ticket)
        return ticket

    def pop(self, now: float) -> Ticket[Item] | None:
        """The next ticket; its user goes to the end of the round."""
        self._drop_expired(now)
        if not self._lines:
            return None
        user_id = next(iter(self._lines))
        line = self._lines.pop(user_id)
        ticket = line.popleft()
        if line:
            self._lines[user_id] = line
        return ticket

    def remove(self, ticket: Ticket[Item]) -> bool:
        """Give up a place; False when the ticket does not wait (any more)."""
        line = self._lines.get(ticket.user_id)
        if line is None or ticket not in line:
            return False
        line.remove(ticket)
        if not line:
            del self._lines[ticket.user_id]
        return True

    def position(self, ticket: Ticket[Item]) -> int:
        """How many pops away the ticket is, 1 for the next one; 0 when it does not wait."""
        line = self._lines.get(ticket.user_id)
        if line is None or ticket not in line:
            return 0
        turn = line.index(ticket)  # handed out in this round, counted from 0
        before, is_ahead = 0, True
        for user_id, other in self._lines.items():
            is_ahead = is_ahead and user_id != ticket.user_id
            before += min(len(other), turn) + (is_ahead and len(other) > turn)
        return before + 1

    def _drop_expired(self, now: float) -> None:
        expired = [each for line in self._lines.values() for each in line if each.deadline <= now]
        for ticket in expired:
            self.remove(ticket)

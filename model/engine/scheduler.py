"""Who runs in which row: sequences wait in order, and those that run are kept compact."""

from collections import deque
from collections.abc import Iterator
from typing import Generic

from model.engine.sequence import Request, Sequence

STEPS_TO_RECOVER = 256
"""Successful steps after which a limit lowered by want of memory is doubled again."""


class Scheduler(Generic[Request]):
    """Waiting and running sequences; the index in `running` is the row. Pure bookkeeping, no
    tensors.
    """

    def __init__(self, num_slots: int) -> None:
        self.num_slots = num_slots
        self.limit = num_slots
        self.waiting: deque[Sequence[Request]] = deque()
        self.running: list[Sequence[Request]] = []
        self._num_good_steps = 0

    def admit(self) -> Iterator[tuple[int, Sequence[Request]]]:
        """Move waiting sequences into free rows, in order; yields (row, sequence)."""
        while self.waiting and len(self.running) < self.limit:
            sequence = self.waiting.popleft()
            self.running.append(sequence)
            yield len(self.running) - 1, sequence

    def release(self, row: int) -> int | None:
        """Empty `row` by moving the last row into it; returns the row that moved, None when it was
        the last.
        """
        last = self.running.pop()
        if row == len(self.running):
            return None
        self.running[row] = last
        return len(self.running)

    def halve(self) -> None:
        """Memory ran out: the later half goes back to the head of the line, and fewer may run for a
        while.

        What goes back starts again later; as noise is a function of seed and position, it becomes
        the same verse.
        """
        kept = len(self.running) // 2
        self.waiting.extendleft(reversed(self.running[kept:]))
        del self.running[kept:]
        self.limit = kept
        self._num_good_steps = 0

    def note_good_step(self) -> None:
        """Raise a lowered limit again, step by step."""
        if self.limit == self.num_slots:
            return
        self._num_good_steps += 1
        if self._num_good_steps == STEPS_TO_RECOVER:
            self.limit = min(2 * self.limit, self.num_slots)
            self._num_good_steps = 0

    def withdraw(self, sequence_id: int) -> bool:
        """Drop a waiting sequence; False when it does not wait."""
        for sequence in self.waiting:
            if sequence.sequence_id == sequence_id:
                self.waiting.remove(sequence)
                return True
        return False

    def row_of(self, sequence_id: int) -> int | None:
        """The row in which a sequence runs."""
        for row, sequence in enumerate(self.running):
            if sequence.sequence_id == sequence_id:
                return row
        return None

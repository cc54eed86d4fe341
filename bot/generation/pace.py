"""How long verses take, learned from those that were written, and how long who waits will wait."""

_WEIGHT = 0.1
_FIRST_GUESS_S = 2.0


class Pace:
    """An exponentially moving average of seconds per verse, with `num_slots` written at a time."""

    def __init__(self, num_slots: int) -> None:
        self._num_slots = num_slots
        self._verse_s: float | None = None

    @property
    def verse_s(self) -> float:
        return _FIRST_GUESS_S if self._verse_s is None else self._verse_s

    def note(self, verse_s: float) -> None:
        """A verse took so many seconds from its first token to its last."""
        known = verse_s if self._verse_s is None else self._verse_s
        self._verse_s = known + _WEIGHT * (verse_s - known)

    def estimate_s(self, position: int) -> float:
        """Until the verse at this position of the queue is done; 0 is being written."""
        return self.verse_s * (1 + position / self._num_slots)

    def retry_after_s(self, num_waiting: int) -> float:
        """Until about half of those that wait now are being written."""
        return max(1.0, self.verse_s * num_waiting / (2 * self._num_slots))

"""How long works take, learned from those that were written, and how long who waits will wait."""

_WEIGHT = 0.1
_FIRST_GUESS_S = 2.0


class Pace:
    """An exponentially moving average of seconds per work, with `num_slots` written at a time."""

    def __init__(self, num_slots: int) -> None:
        self._num_slots = num_slots
        self._seconds_each: float | None = None

    @property
    def seconds_each(self) -> float:
        return _FIRST_GUESS_S if self._seconds_each is None else self._seconds_each

    def note(self, seconds_each: float) -> None:
        """One took so many seconds from its first token to its last."""
        known = seconds_each if self._seconds_each is None else self._seconds_each
        self._seconds_each = known + _WEIGHT * (seconds_each - known)

    def estimate_s(self, position: int) -> float:
        """Until the one at this position of the queue is done; 0 is being written."""
        return self.seconds_each * (1 + position / self._num_slots)

    def retry_after_s(self, num_waiting: int) -> float:
        """Until about half of those that wait now are being written."""
        return max(1.0, self.seconds_each * num_waiting / (2 * self._num_slots))

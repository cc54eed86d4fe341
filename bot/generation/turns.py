"""Whose turn it is: one thread's time, divided between those that have work."""

from collections.abc import Mapping


class Turns:
    """Start-time fair queueing (Goyal et al. 1996): over any stretch of time, those that always
    have work get time in proportion to their weights, however long each of their steps takes. Who
    had none for a while begins level with the others, and has saved nothing up.
    """

    def __init__(self) -> None:
        self._now = 0.0  # seconds by weight 1
        self._reached: dict[int, float] = {}

    def next(self, weights: Mapping[int, float]) -> int:
        """Which of those with work, by key, steps now; there must be one."""
        starts = {key: max(self._now, self._reached.get(key, 0.0)) for key in weights}
        key = min(starts, key=starts.__getitem__)
        self._now = starts[key]
        return key

    def note(self, key: int, seconds: float, weight: float) -> None:
        """How long the step that was `next` has taken."""
        self._reached[key] = self._now + seconds / weight

    def forget(self, key: int) -> None:
        """It will not come again."""
        self._reached.pop(key, None)

"""Lyrics that no checkpoint has learned yet: submitted, and not to be copied either."""

import threading
from collections.abc import Iterable

from model.copyguard.index import MAX_RUN, CopyIndex


class CopyOverlay:
    """An index that grows. Any thread may protect texts, and any may read `index` meanwhile."""

    def __init__(self, max_run: int = MAX_RUN) -> None:
        self._index = CopyIndex.empty(max_run)
        self._growing = threading.Lock()

    @property
    def index(self) -> CopyIndex:
        """What is protected by now; it does not change, so take it anew for every verse."""
        return self._index

    def protect(self, texts: Iterable[str]) -> None:
        """Returns when they are in `index`; takes a second for a million words."""
        added = CopyIndex.build(texts, self._index.max_run)
        with self._growing:
            self._index = self._index.union(added)

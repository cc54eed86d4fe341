"""Many verses at once by one engine: each search's tries run beside those of the others."""

import itertools
import logging
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

from model.engine import Engine, FinishedSequence, FinishedWork, GenerationRequest
from model.search.plan import SearchedVerse, VersePlan
from model.search.verse_search import Tools, VerseSearch

logger = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Search:
    """One verse on its way; `waiting_for` are sequences in the order in which they were asked."""

    verse_id: int
    run: Generator[list[GenerationRequest], Sequence[FinishedSequence], SearchedVerse]
    waiting_for: list[int] = field(default_factory=list)
    finished: dict[int, FinishedSequence] = field(default_factory=dict)


class Writer:
    """Like an `Engine`, but for whole verses. For the one thread that owns the engine.

    The engine takes tries in the order in which they are asked for, so that verses advance line by
    line in turn, however many tries each of them makes.
    """

    def __init__(self, engine: Engine, tools: Tools) -> None:
        self._engine = engine
        self._tools = tools
        self._ids = itertools.count()
        self._searches: dict[int, _Search] = {}
        self._of_sequence: dict[int, _Search] = {}
        self._ended: list[FinishedWork[SearchedVerse]] = []

    @property
    def computes_in(self) -> str:
        """The precision and what does it, such as "int8 (AVX2)"."""
        return self._engine.computes_in

    @property
    def num_running(self) -> int:
        """Verses on their way."""
        return len(self._searches)

    @property
    def num_advanced(self) -> int:
        """Tries that the last step moved on by one token."""
        return self._engine.num_advanced

    @property
    def has_work(self) -> bool:
        """Whether the next step has anything to do or to report."""
        return bool(self._searches or self._ended or self._engine.has_work)

    def add(self, plan: VersePlan) -> int:
        """Begin a verse; returns its id. Raises ValueError when it does not fit the model."""
        verse = VerseSearch(self._tools, plan)
        if verse.num_positions > self._engine.max_positions:
            raise ValueError(
                f"Prompt and lines may take {self._engine.max_positions} tokens, "
                f"not {verse.num_positions}."
            )
        search = _Search(next(self._ids), verse.run())
        self._ask(search, next(search.run))
        self._searches[search.verse_id] = search
        return search.verse_id

    def abort(self, verse_id: int) -> None:
        """End a verse now; the next step reports it as 'aborted'. Unknown ids are ignored."""
        search = self._searches.get(verse_id)
        if search is not None:
            self._end(search, SearchedVerse("", "aborted"))

    def step(self) -> list[FinishedWork[SearchedVerse]]:
        """Advance every try by one token; returns the verses that ended."""
        for finished in self._engine.step():
            search = self._of_sequence.pop(finished.sequence_id, None)
            if search is not None:
                self._note(search, finished)
        ended, self._ended = self._ended, []
        return ended

    def _note(self, search: _Search, finished: FinishedSequence) -> None:
        if finished.reason in ("aborted", "failed"):
            self._end(search, SearchedVerse("", finished.reason, error=finished.error))
            return
        search.finished[finished.sequence_id] = finished
        if len(search.finished) < len(search.waiting_for):
            return
        results = [search.finished[each] for each in search.waiting_for]
        try:
            requests = search.run.send(results)
        except StopIteration as stop:
            self._end(search, stop.value)
        except Exception:
            logger.exception("the search for a verse failed; the others go on")
            self._end(search, SearchedVerse("", "failed", error="The search failed."))
        else:
            self._ask(search, requests)

    def _ask(self, search: _Search, requests: Sequence[GenerationRequest]) -> None:
        search.waiting_for, search.finished = [], {}
        for request in requests:
            sequence_id = self._engine.add(request)
            search.waiting_for.append(sequence_id)
            self._of_sequence[sequence_id] = search

    def _end(self, search: _Search, verse: SearchedVerse) -> None:
        search.run.close()
        for sequence_id in search.waiting_for:
            if self._of_sequence.pop(sequence_id, None) is not None:
                self._engine.abort(sequence_id)
        del self._searches[search.verse_id]
        self._ended.append(FinishedWork(search.verse_id, verse))

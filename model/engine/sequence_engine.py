"""Continuous batching by step: sequences join and leave between any two tokens.

The idea is cellular batching (Gao et al., BatchMaker, EuroSys 2018), where a sequence of a
recurrent network is a few kilobytes of state: to join is to write one row, to leave is to copy the
last row into the hole.
"""

import itertools
import logging
from typing import Generic

import torch

from model.engine.scheduler import Scheduler
from model.engine.sequence import FinishedSequence, FinishReason, Request, Sequence
from model.engine.sequence_runner import SequenceRunner

logger = logging.getLogger(__name__)


class SequenceEngine(Generic[Request]):
    """Writes many sequences at once, of whatever kind its runner is for. Every method must be
    called from the one thread that owns the engine.

    The caller bounds how many sequences wait.
    """

    def __init__(self, runner: SequenceRunner[Request], num_slots: int) -> None:
        self._runner = runner
        self._scheduler = Scheduler[Request](min(num_slots, runner.num_rows))
        self._ids = itertools.count()
        self._aborted: list[FinishedSequence] = []
        self._num_advanced = 0

    @property
    def computes_in(self) -> str:
        """The precision and what does it, such as "int8 (AVX2)"."""
        return self._runner.computes_in

    @property
    def max_positions(self) -> int:
        """Tokens that prompt and what is generated may have together."""
        return self._runner.max_positions

    @property
    def num_rows(self) -> int:
        """Sequences that run at once, at most; others that were added wait for a row."""
        return self._scheduler.num_slots

    @property
    def num_running(self) -> int:
        return len(self._scheduler.running)

    @property
    def num_waiting(self) -> int:
        return len(self._scheduler.waiting)

    @property
    def num_advanced(self) -> int:
        """Sequences that the last step moved on by one token."""
        return self._num_advanced

    @property
    def num_free_slots(self) -> int:
        return self._scheduler.num_slots - self.num_running

    @property
    def has_work(self) -> bool:
        """Whether the next step has anything to do or to report."""
        return bool(self._scheduler.running or self._scheduler.waiting or self._aborted)

    def add(self, request: Request) -> int:
        """Take a request, which joins at the next step with a free row; returns its sequence id.

        Raises ValueError when the request does not fit this model.
        """
        self._runner.check(request)
        sequence = Sequence(next(self._ids), request)
        self._scheduler.waiting.append(sequence)
        return sequence.sequence_id

    def abort(self, sequence_id: int) -> None:
        """End a sequence now; the next step reports it as 'aborted'. Unknown and finished ids are
        ignored.
        """
        row = self._scheduler.row_of(sequence_id)
        if row is not None:
            self._aborted.append(self._finish(row, "aborted"))
        elif self._scheduler.withdraw(sequence_id):
            self._aborted.append(FinishedSequence(sequence_id, (), "aborted"))

    def step(self) -> list[FinishedSequence]:
        """Advance every running sequence by one token; returns those that ended.

        Out of memory, the batch is halved and goes on; a sequence that fails alone ends as
        'failed'. Any other exception passes through, and the engine must not be used after it.
        """
        finished, self._aborted = self._aborted, []
        self._num_advanced = 0
        for row, sequence in self._scheduler.admit():
            self._runner.load(row, sequence.request)
        while self._scheduler.running:
            try:
                reasons = self._runner.step(self.num_running)
            except (RuntimeError, MemoryError) as error:
                if not _is_out_of_memory(error):
                    raise
                finished += self._make_room(error)
            else:
                self._scheduler.note_good_step()
                self._num_advanced = self.num_running
                ended = [(row, reason) for row, reason in enumerate(reasons) if reason is not None]
                # From the last row to the first: the row that fills a hole has been looked at.
                return finished + [self._finish(row, reason) for row, reason in reversed(ended)]
        return finished

    def _finish(self, row: int, reason: FinishReason, error: str | None = None) -> FinishedSequence:
        sequence_id = self._scheduler.running[row].sequence_id
        runner, tokens = self._runner, self._runner.generated(row)
        finished = FinishedSequence(
            sequence_id,
            tokens,
            reason,
            error,
            runner.log_probabilities(row, len(tokens)) if tokens else (),
            runner.state(row) if tokens else None,
        )
        moved = self._scheduler.release(row)
        if moved is not None:
            runner.move(moved, row)
        return finished

    def _make_room(self, error: Exception) -> list[FinishedSequence]:
        """Fewer rows next time; with a single row left there is nothing to halve, so its sequence
        fails.
        """
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        if self.num_running == 1:
            logger.error("out of memory with a single sequence, which fails: %s", error)
            return [self._finish(0, "failed", "There was not enough memory to write this.")]
        self._scheduler.halve()
        logger.warning("out of memory: going on with %d sequences at a time", self._scheduler.limit)
        return []


def _is_out_of_memory(error: Exception) -> bool:
    """CUDA has its own exception; the CPU allocator raises a plain RuntimeError."""
    return isinstance(error, (torch.OutOfMemoryError, MemoryError)) or "DefaultCPUAllocator" in str(
        error
    )

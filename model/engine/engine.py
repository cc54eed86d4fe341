"""Continuous batching by step: sequences join and leave between any two tokens.

The idea is cellular batching (Gao et al., BatchMaker, EuroSys 2018), where a sequence of a
recurrent network is a few kilobytes of state: to join is to write one row, to leave is to copy the
last row into the hole.
"""

import itertools
import logging
from typing import Self

import torch

from model.engine.paths import check_paths
from model.engine.precision import Precision, build_runner
from model.engine.runner import Marks, Runner
from model.engine.scheduler import Scheduler
from model.engine.sequence import FinishedSequence, FinishReason, GenerationRequest, Sequence
from model.network.lyric_model import LyricModel

logger = logging.getLogger(__name__)

MAX_POSITIONS = 2048


class Engine:
    """Writes many verses at once. Every method must be called from the one thread that owns the
    engine.

    `max_positions` bounds prompt and verse together. The caller bounds how many sequences wait.
    """

    def __init__(
        self,
        model: LyricModel,
        marks: Marks,
        *,
        num_slots: int = 64,
        max_positions: int = MAX_POSITIONS,
        precision: Precision = "fp32",
    ) -> None:
        self._use(build_runner(model, marks, num_slots, max_positions, precision), num_slots)

    @classmethod
    def around(cls, runner: Runner, num_slots: int) -> Self:
        """An engine with a runner of the caller's choice."""
        engine = cls.__new__(cls)
        engine._use(runner, num_slots)
        return engine

    def _use(self, runner: Runner, num_slots: int) -> None:
        self._config = runner.config
        self._runner = runner
        self._scheduler = Scheduler(min(num_slots, runner.num_rows))
        self._ids = itertools.count()
        self._aborted: list[FinishedSequence] = []
        self._num_advanced = 0

    @property
    def computes_in(self) -> str:
        """The precision and what does it, such as "int8 (AVX2)"."""
        return self._runner.computes_in

    @property
    def max_positions(self) -> int:
        """Tokens that prompt and verse may have together."""
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

    def add(self, request: GenerationRequest) -> int:
        """Take a request, which joins at the next step with a free row; returns its sequence id.

        Raises ValueError when the request does not fit this model.
        """
        self._check(request)
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
            return [self._finish(0, "failed", "There was not enough memory to write this verse.")]
        self._scheduler.halve()
        logger.warning("out of memory: going on with %d sequences at a time", self._scheduler.limit)
        return []

    def _check(self, request: GenerationRequest) -> None:
        length = len(request.prompt) + request.max_tokens
        if length > self._runner.max_positions:
            raise ValueError(
                f"Prompt and verse may hold {self._runner.max_positions} tokens, not {length}."
            )
        if not all(0 <= token < self._config.vocab_size for token in request.prompt):
            raise ValueError(
                f"The prompt holds a token outside of 0 to {self._config.vocab_size - 1}."
            )
        for artist in request.artist_weights:
            if not 0 <= artist < self._config.num_artists:
                raise ValueError(
                    f"There is no artist {artist}; the model knows {self._config.num_artists}."
                )
        mask = request.forbid_first
        if mask is not None and (
            mask.dtype != torch.bool or tuple(mask.shape) != (self._config.vocab_size,)
        ):
            raise ValueError(f"forbid_first must be {self._config.vocab_size} booleans.")
        if request.start is not None and not self._runner.can_go_on_from(request.start.state):
            raise ValueError("The state to start from must be one row of this network.")
        if request.paths is not None:
            check_paths(request.paths, self._config.vocab_size)


def _is_out_of_memory(error: Exception) -> bool:
    """CUDA has its own exception; the CPU allocator raises a plain RuntimeError."""
    return isinstance(error, (torch.OutOfMemoryError, MemoryError)) or "DefaultCPUAllocator" in str(
        error
    )

"""The engine of verses: token ids in, token ids out."""

from typing import Self

from model.engine.precision import Precision, build_runner
from model.engine.sequence import GenerationRequest
from model.engine.sequence_engine import SequenceEngine
from model.engine.token_runner import Marks, TokenRunner
from model.network.lyric_model import LyricModel

MAX_POSITIONS = 2048


class Engine(SequenceEngine[GenerationRequest]):
    """Writes many verses at once; `max_positions` bounds prompt and verse together."""

    def __init__(
        self,
        model: LyricModel,
        marks: Marks,
        *,
        num_slots: int = 64,
        max_positions: int = MAX_POSITIONS,
        precision: Precision = "fp32",
    ) -> None:
        runner = build_runner(model, marks, num_slots, max_positions, precision)
        super().__init__(runner, num_slots)

    @classmethod
    def around(cls, runner: TokenRunner, num_slots: int) -> Self:
        """An engine with a runner of the caller's choice."""
        engine = cls.__new__(cls)
        SequenceEngine.__init__(engine, runner, num_slots)
        return engine

"""Continuous batching over one model: add, abort, step. Verses are token ids, music is frames."""

from model.engine.engine import Engine
from model.engine.frame_runner import FrameRunner
from model.engine.precision import PRECISIONS, Precision
from model.engine.sequence import (
    FinishedSequence,
    FrameLimits,
    FrameRequest,
    GenerationRequest,
)
from model.engine.sequence_engine import SequenceEngine
from model.engine.token_runner import Marks
from model.engine.work import FinishedWork, WorkWriter

__all__ = [
    "PRECISIONS",
    "Engine",
    "FinishedSequence",
    "FinishedWork",
    "FrameLimits",
    "FrameRequest",
    "FrameRunner",
    "GenerationRequest",
    "Marks",
    "Precision",
    "SequenceEngine",
    "WorkWriter",
]

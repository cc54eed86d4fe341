"""Continuous batching of verses over one model: add, abort, step. It sees token ids only."""

from model.engine.engine import Engine
from model.engine.precision import PRECISIONS, Precision
from model.engine.runner import Marks
from model.engine.sequence import FinishedSequence, GenerationRequest

__all__ = [
    "PRECISIONS",
    "Engine",
    "FinishedSequence",
    "GenerationRequest",
    "Marks",
    "Precision",
]

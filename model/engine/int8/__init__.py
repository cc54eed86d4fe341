"""The fast path on a CPU: weights in 8 bits and the whole step of the engine as compiled C."""

from model.engine.int8.compiler import Int8Unavailable
from model.engine.int8.runner import Int8Runner
from model.engine.int8.weights import why_not

__all__ = ["Int8Runner", "Int8Unavailable", "why_not"]

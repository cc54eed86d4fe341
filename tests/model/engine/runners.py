"""An engine of every kind that a processor can run, around the same small model."""

from functools import cache

import pytest

from model.engine import Engine
from model.engine.int8 import Int8Unavailable, library
from tests.model.engine.helpers import VOCAB_SIZE, make_engine, small_model
from tests.model.engine.test_graph_runner import graph_engine

KINDS = ("torch", "graphs", "int8")
MODEL = small_model()


@cache
def engine_of(kind: str, num_slots: int = 16, vocab_size: int = VOCAB_SIZE) -> Engine:
    """Built once, and left without work by every test."""
    model = MODEL if vocab_size == VOCAB_SIZE else small_model(vocab_size=vocab_size)
    if kind == "graphs":
        return graph_engine(model, num_slots)
    if kind == "torch":
        return make_engine(model, num_slots)
    try:
        library.load_library()
    except Int8Unavailable as reason:
        pytest.skip(f"the int8 step cannot be compiled here: {reason}")
    return make_engine(model, num_slots, precision="int8")

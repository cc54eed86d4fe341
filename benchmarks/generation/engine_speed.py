"""The engine's own figures: verses at several numbers of requests, and the bare step."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from model.config import ModelConfig
from model.engine import Engine, GenerationRequest

_MIN_STEPS = 30


@dataclass(frozen=True, slots=True)
class Timing:
    seconds: float
    num_tokens: int

    @property
    def tokens_per_s(self) -> float:
        return self.num_tokens / self.seconds


def time_verses(engine: Engine, requests: Sequence[GenerationRequest]) -> Timing:
    """All asked for at once, to the last."""
    start = time.perf_counter()
    for request in requests:
        engine.add(request)
    num_tokens = 0
    while engine.has_work:
        num_tokens += sum(len(sequence.tokens) for sequence in engine.step())
    return Timing(time.perf_counter() - start, num_tokens)


def seconds_per_step(engine: Engine, requests: Sequence[GenerationRequest]) -> float:
    """Of a step in which all `requests` are in the middle of their verses."""
    ids = [engine.add(request) for request in requests]
    engine.step()
    engine.step()
    start = time.perf_counter()
    for _ in range(_MIN_STEPS):
        engine.step()
    seconds = (time.perf_counter() - start) / _MIN_STEPS
    for sequence_id in ids:
        engine.abort(sequence_id)
    while engine.has_work:
        engine.step()
    return seconds


def products_per_token(config: ModelConfig) -> int:
    """Multiplications that a step must do for a row: layer 0 reads its inputs from a table."""
    size = config.hidden_size
    layers = (2 * config.num_layers - 1) * size * 4 * size
    if not config.tied_output:
        return layers + size * config.vocab_size
    return layers + config.embedding_size * (size + config.vocab_size)

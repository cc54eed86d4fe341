"""Continuous against static batching: verses of mixed lengths that arrive at random."""

import itertools
import random
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from model.engine import Engine, GenerationRequest

LINES = (2, 4, 8, 8, 8, 16, 32)
"""What members ask for: mostly eight lines, some of it short and some long."""


@dataclass(frozen=True, slots=True)
class Latencies:
    """Of every verse from its arrival to its end, in seconds; `seconds` is how long all took."""

    seconds: float
    each: list[float]

    @property
    def mean(self) -> float:
        return sum(self.each) / len(self.each)

    @property
    def p99(self) -> float:
        return sorted(self.each)[min(len(self.each) - 1, int(0.99 * len(self.each)))]


def poisson(count: int, per_second: float, seed: int = 0) -> list[float]:
    """When each of `count` requests arrives, in seconds from the start."""
    rng = random.Random(seed)
    return [*itertools.accumulate(rng.expovariate(per_second) for _ in range(count))]


def serve(
    engine: Engine,
    requests: Sequence[GenerationRequest],
    arrivals: Sequence[float],
    *,
    num_slots: int,
    is_static: bool,
) -> Latencies:
    """Static: a batch is filled from whoever waits, and nobody joins or leaves before its end."""
    coming = deque(zip(arrivals, requests, strict=True))
    waiting: deque[tuple[float, GenerationRequest]] = deque()
    running: dict[int, float] = {}
    ended: list[float] = []  # in a static batch: those that are done, but not yet let go
    latencies: list[float] = []
    start = time.perf_counter()
    while coming or waiting or running:
        now = time.perf_counter() - start
        while coming and coming[0][0] <= now:
            waiting.append(coming.popleft())
        if not (is_static and running):
            while waiting and len(running) < num_slots:
                arrived_at, request = waiting.popleft()
                running[engine.add(request)] = arrived_at
        if not running:
            time.sleep(max(0.0, coming[0][0] - now))
            continue
        ended += [running.pop(finished.sequence_id) for finished in engine.step()]
        if ended and not (is_static and running):
            now = time.perf_counter() - start
            latencies += [now - arrived_at for arrived_at in ended]
            ended.clear()
    return Latencies(time.perf_counter() - start, latencies)

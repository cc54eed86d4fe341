"""What Prometheus is told of a running bot: counters and times noted here, and gauges looked up."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Literal, get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from bot.errors import UserError

Outcome = Literal["answered", "refused", "failed"]
Kind = Literal["verse", "beat"]
GatewayEvent = Literal["connected", "disconnected", "resumed", "ready"]

_SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 60.0)
_LATE_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 3.0)
_ROWS = (0, 1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 128, 256, 512, 1024)


class Metrics:
    """One for each bot, over a registry of its own. Noting is safe from any thread.

    Labels are names of our own (commands, actions, states), never anything that a member wrote.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        counter = partial(Counter, registry=self.registry)
        histogram = partial(Histogram, registry=self.registry)
        self._interactions = counter(
            "cypher_interactions",
            "Commands, presses and forms, by what became of them.",
            ["name", "outcome"],
        )
        self._interaction_seconds = histogram(
            "cypher_interaction_seconds",
            "From Discord's time stamp of an interaction to the end of our answer.",
            ["name"],
            buckets=_SECONDS,
        )
        self._loop_lag_seconds = histogram(
            "cypher_loop_lag_seconds",
            "How late the event loop came to what was due, every 20 ms.",
            buckets=_LATE_SECONDS,
        )
        self._votes = counter("cypher_votes", "Presses of a vote button.", ["value"])
        self._training_runs = counter(
            "cypher_training_runs", "Training runs that ended, by verdict.", ["verdict"]
        )
        self._gateway_events = counter(
            "cypher_gateway_events", "What happened to the connection.", ["event"]
        )
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._of_works()

    def _of_works(self) -> None:
        counter = partial(Counter, registry=self.registry)
        histogram = partial(Histogram, registry=self.registry)
        self._work_seconds = histogram(
            "cypher_work_seconds",
            "From asking for a verse or a beat to its end, waiting included.",
            ["kind"],
            buckets=_SECONDS,
        )
        self._works = counter(
            "cypher_works", "Verses and beats asked for, by outcome.", ["kind", "outcome"]
        )
        self._batch_rows = histogram(
            "cypher_batch_rows",
            "Rows that a step of an engine moved on, by a token or a frame, which its sum counts.",
            ["kind"],
            buckets=_ROWS,
        )

    def interaction(self, name: str, outcome: Outcome, seconds: float) -> None:
        self._interactions.labels(name, outcome).inc()
        self._interaction_seconds.labels(name).observe(seconds)

    @contextmanager
    def making(self, kind: Kind) -> Iterator[None]:
        """Around the making of one verse or beat: how long it took, or what else became of it."""
        began, outcome = time.perf_counter(), "failed"
        try:
            yield
            outcome = "answered"
            self._work_seconds.labels(kind).observe(time.perf_counter() - began)
        except UserError:
            outcome = "refused"
            raise
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        finally:
            self._works.labels(kind, outcome).inc()

    def engine_step(self, kind: Kind, num_rows: int) -> None:
        self._batch_rows.labels(kind).observe(num_rows)

    def loop_lag(self, seconds: float) -> None:
        self._loop_lag_seconds.observe(seconds)

    def vote(self, value: Literal[1, -1]) -> None:
        self._votes.labels("up" if value == 1 else "down").inc()

    def training_run(self, verdict: str) -> None:
        self._training_runs.labels(verdict).inc()

    def gateway_event(self, event: GatewayEvent) -> None:
        self._gateway_events.labels(event).inc()

    def gauge(self, name: str, meaning: str, look: Callable[[], float]) -> None:
        """A number that is looked up, on the event loop, whenever Prometheus asks."""
        Gauge(name, meaning, registry=self.registry).set_function(look)

    def gauge_by_kind(self, name: str, meaning: str, look: Callable[[Kind], float]) -> None:
        """The same, for verses and for beats."""
        gauge = Gauge(name, meaning, ["kind"], registry=self.registry)
        for kind in get_args(Kind):
            gauge.labels(kind).set_function(partial(look, kind))

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self.registry)

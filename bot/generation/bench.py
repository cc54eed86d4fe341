"""Where works of one kind are made: its live checkpoint, the one on trial, and its slots."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from bot.generation.messages import Plan, Work
from bot.generation.pace import Pace
from bot.generation.queue import Ticket
from bot.generation.shares import candidates_for, most_at_once
from bot.telemetry.metrics import Kind
from model.engine import WorkWriter


class Asked(Protocol):
    """What every request says."""

    @property
    def user_id(self) -> int: ...


Request = TypeVar("Request", bound=Asked)
Request_contra = TypeVar("Request_contra", contravariant=True)
Made = TypeVar("Made")
Made_co = TypeVar("Made_co", covariant=True)


class Live(Protocol[Request_contra, Made_co]):
    """A checkpoint in use, whatever it writes. `key` names its engine among those of the worker."""

    @property
    def key(self) -> int: ...

    @property
    def version(self) -> str: ...

    def build_writer(self, num_slots: int) -> WorkWriter[Any, Work]:
        """To be called, and the writer used, in the worker's thread."""
        ...

    def plan(self, request: Request_contra, rng_seed: int, num_candidates: int, /) -> Plan:
        """Raises UserError where it cannot be written."""
        ...

    def finish(self, request: Request_contra, plan: Any, work: Any, elapsed_s: float, /) -> Made_co:
        """What was made of the plan, as people get it. Raises UserError where it is nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Trial(Generic[Request, Made]):
    live: Live[Request, Made]
    share: float


@dataclass(slots=True, eq=False)
class Job(Generic[Request, Made]):
    """A work on its way. `future` gets what is made, or a UserError."""

    number: int
    bench: "Bench[Request, Made]"
    request: Request
    rng_seed: int
    draw: int | None
    future: asyncio.Future[Made]
    since: float
    live: Live[Request, Made] | None = None  # that writes it, once it is being written
    plan: Plan | None = None  # from then on
    num_slots: int = 0  # from then on
    written_since: float = 0.0
    ticket: "Ticket[Job[Any, Any]] | None" = field(default=None, repr=False)


class Bench(Generic[Request, Made]):
    """One kind of work. A verse takes as many slots as it makes tries at each line, a beat one.

    Its engines get the worker's time in proportion to `weight`. Without a live checkpoint `failure`
    may say why there is none any more. For the event loop alone.
    """

    def __init__(
        self, kind: Kind, *, num_slots: int, max_candidates: int = 1, weight: float = 1.0
    ) -> None:
        self.kind = kind
        self.num_slots = num_slots
        self.max_candidates = max_candidates
        self.weight = weight
        self.most_at_once = most_at_once(num_slots, max_candidates)
        self.pace = Pace(self.most_at_once)
        self.live: Live[Request, Made] | None = None
        self.trial: Trial[Request, Made] | None = None
        self.failure: str | None = None
        self.writing: dict[int, Job[Request, Made]] = {}

    def room_for_next(self, num_waiting: int) -> int | None:
        """How many slots the next one takes, None while there are not so many."""
        crowd = len(self.writing) + num_waiting
        num_slots = candidates_for(crowd, self.num_slots, self.max_candidates)
        num_taken = sum(job.num_slots for job in self.writing.values())
        return num_slots if num_taken + num_slots <= self.num_slots else None

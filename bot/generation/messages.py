"""What is said to the worker thread and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.telemetry.metrics import Kind
from model.beats.plan import BeatPlan, WrittenBeat
from model.engine import WorkWriter
from model.search import SearchedVerse, VersePlan

Plan: TypeAlias = VersePlan | BeatPlan
Work: TypeAlias = SearchedVerse | WrittenBeat


@dataclass(frozen=True, slots=True)
class Open:
    """Build a writer with its engine in the worker's thread; answered by Opened.

    Of the thread's time it gets a part in proportion to `weight`, while others work too.
    """

    key: int
    build: Callable[[], WorkWriter[Any, Work]]
    kind: Kind
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Retire:
    """No new work for this engine: drop it when what it writes is done. Not answered."""

    key: int


@dataclass(frozen=True, slots=True)
class Write:
    """Write one work with the engine `key`; answered by Written or Refused."""

    job: int
    key: int
    plan: Plan


@dataclass(frozen=True, slots=True)
class Abort:
    """End a job early; its Written then says so. A job that is done is not answered again."""

    job: int


@dataclass(frozen=True, slots=True)
class Stop:
    """End the thread after the current step; unfinished jobs are not answered, only Stopped is."""


@dataclass(frozen=True, slots=True)
class Opened:
    key: int
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Written:
    job: int
    work: Work


@dataclass(frozen=True, slots=True)
class Refused:
    """The job could not be taken, or its engine died. `error` is for the log."""

    job: int
    error: str


@dataclass(frozen=True, slots=True)
class Died:
    """An engine raised and is gone; every job it had was refused."""

    key: int
    error: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The thread's last words; `error` when it did not end on demand."""

    error: str | None = None


Message = Open | Retire | Write | Abort | Stop
Answer = Opened | Written | Refused | Died | Stopped

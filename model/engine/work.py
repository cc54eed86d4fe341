"""What stands above an engine: whole works, such as verses or beats, from a plan to the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

Work_co = TypeVar("Work_co", covariant=True)
Plan_contra = TypeVar("Plan_contra", contravariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class FinishedWork(Generic[Work_co]):
    """`work_id` is what `add` gave."""

    work_id: int
    work: Work_co


class WorkWriter(Protocol[Plan_contra, Work_co]):
    """Writes many works at once by one engine. For the one thread that owns it."""

    @property
    def computes_in(self) -> str:
        """The precision and what does it, such as "int8 (AVX2)"."""
        ...

    @property
    def num_advanced(self) -> int:
        """Rows of the engine that the last step moved on."""
        ...

    @property
    def has_work(self) -> bool:
        """Whether the next step has anything to do or to report."""
        ...

    def add(self, plan: Plan_contra) -> int:
        """Begin a work; returns its id. Raises ValueError when it does not fit the model."""
        ...

    def abort(self, work_id: int, /) -> None:
        """End a work now; the next step reports it as 'aborted'. Unknown ids are ignored."""
        ...

    def step(self) -> Sequence[FinishedWork[Work_co]]:
        """Move every work on by a step of the engine; returns those that ended."""
        ...

"""What commands and cards need of retraining."""

from collections.abc import AsyncIterator
from typing import Literal, Protocol

from bot.locale import Sentence
from bot.store import LessonKind, TrainingRun


class Progress(Protocol):
    """A look at a running training run; None where it cannot be said yet."""

    @property
    def message(self) -> Sentence: ...
    @property
    def fraction(self) -> float: ...
    @property
    def loss(self) -> float | None: ...
    @property
    def bits_per_character(self) -> float | None: ...
    @property
    def eta_s(self) -> float | None: ...


class Trainer(Protocol):
    @property
    def current(self) -> Progress | None: ...

    async def start(
        self,
        *,
        trigger: Literal["schedule", "command"],
        requested_by: int | None,
        kind: LessonKind = "lyrics",
    ) -> TrainingRun:
        """Raises NoBeats, TrainingBusy, TrainingElsewhere, OutdatedProcess, TrainingDisabled or
        NothingToTrain."""
        ...

    def take_resumed(self) -> TrainingRun | None:
        """The run that goes on after a restart, to the first who asks."""
        ...

    async def cancel(self) -> None: ...

    def subscribe(self, run_id: int) -> AsyncIterator[Progress]:
        """Ends when the run has come to its verdict, which is then in the store."""
        ...

    def curve(self, run_id: int) -> bytes | None:
        """The loss curve of a run as a PNG, where there is one."""
        ...

"""The stages of a fine-tune as they begin, are kept, and are taken up again after a restart."""

from collections.abc import Callable, Collection
from typing import Any, get_args

from torch import Tensor

from model.network.state import RecurrentState
from model.training.finetune_choice import Candidate, Choice
from model.training.finetune_hooks import FinetuneHooks
from model.training.finetune_memory import Standing
from model.training.finetune_teacher import Teacher
from model.training.progress import FinetuneProgress, Stage, TrainingProgress
from model.training.run_folder import restore_tensors, tensors_of
from model.training.trainer import Trainer, TrainingHooks

_STAGES: tuple[Stage, ...] = get_args(Stage)


class Stages:
    """What a life before this one has left is asked for stage by stage, in their order."""

    def __init__(self, choice: Choice, hooks: FinetuneHooks) -> None:
        self._choice = choice
        self._hooks = hooks
        self._resumed = hooks.memory.resumed

    def is_past(self, stage: Stage) -> bool:
        """Whether an earlier life has completed it."""
        resumed = self._resumed
        return resumed is not None and _STAGES.index(stage) < _STAGES.index(resumed.stage)

    def standing_in(self, stage: Stage) -> Standing | None:
        """How the stage stood when it was interrupted."""
        return self._resumed if self._resumed and self._resumed.stage == stage else None

    def begin(self, stage: Stage, moved_rows: Collection[int] | None = None) -> Candidate:
        """What is kept as the stage begins, or was kept when it began in an earlier life."""
        if (standing := self.standing_in(stage)) is not None:
            kept, latest, curve = standing.kept, standing.latest, standing.curve
            self._choice.go_on(kept, latest, curve, stage, moved_rows)
            return standing.begun
        begun = self._choice.kept
        self._choice.begin(stage, moved_rows)
        return begun

    def hooks(
        self,
        stage: Stage,
        begun: Candidate,
        teacher: Teacher | None,
        best: Callable[[], Candidate] | None = None,
    ) -> TrainingHooks:
        """Of its trainer, which is kept at each validation."""

        def hear(progress: TrainingProgress) -> None:
            self.report(stage, progress.fraction, progress.loss)

        def keep(trainer: Trainer[Any]) -> None:
            choice = self._choice
            self._hooks.memory.keep(
                lambda: Standing(
                    stage=stage,
                    begun=begun,
                    best=best() if best else begun,
                    kept=choice.kept,
                    latest=choice.latest,
                    curve=choice.curve,
                    run=trainer.state,
                    tensors=tensors_of(trainer) | _carried_by(teacher),
                )
            )

        self.report(stage, 0.0)
        return TrainingHooks(hear, on_saving_point=keep, clock=self._hooks.clock)

    def take_up(self, stage: Stage, trainer: Trainer[Any], teacher: Teacher | None) -> None:
        """Puts a trainer that has done nothing yet where that of an earlier life stood."""
        if (standing := self.standing_in(stage)) is None:
            return
        trainer.stand_at(standing.run)
        restore_tensors(trainer, standing.tensors)
        if teacher is not None and "teacher.hidden" in standing.tensors:
            device = trainer.model.output_bias.device
            parts = (standing.tensors[f"teacher.{name}"] for name in RecurrentState._fields)
            teacher.carried = RecurrentState(*(part.to(device) for part in parts))

    def report(self, stage: Stage, fraction: float, loss: float | None = None) -> None:
        bits = self._choice.latest.new_songs if self._choice.new_songs else None
        self._hooks.on_progress(FinetuneProgress(stage, fraction, loss, bits))


def _carried_by(teacher: Teacher | None) -> dict[str, Tensor]:
    if teacher is None or teacher.carried is None:
        return {}
    return {f"teacher.{name}": part.clone() for name, part in teacher.carried._asdict().items()}

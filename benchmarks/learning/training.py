"""Training a recipe in a folder of its own, on a clock that counts training alone."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import torch
from safetensors.torch import load_file, save_file

from model.config import NetworkConfig, TrainingConfig
from model.corpus.dataset import EncodedSong
from model.network.recurrent_model import RecurrentModel
from model.training.clock import Stopwatch
from model.training.progress import RunState
from model.training.run_folder import (
    begin_run,
    check_settings,
    has_run,
    keeping_run,
    load_run_state,
    replace_file,
    restore_run,
)
from model.training.trainer import Trainer, TrainingHooks, stream_of

Model = TypeVar("Model", bound=RecurrentModel[Any])
BEST = "best.safetensors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Generic[Model]):
    """What is to be learned, by what; `corpus` names it, so that no run goes on with another."""

    corpus: str
    network: NetworkConfig
    training: TrainingConfig
    build: Callable[[], Model]
    songs: Sequence[EncodedSong]
    held_out: Sequence[EncodedSong]

    @property
    def settings(self) -> dict[str, Any]:
        """What a run that goes on must have been begun with."""
        network, training = asdict(self.network), asdict(self.training)
        return {"network": network, "training": training, "dataset": self.corpus}


class Trained(NamedTuple, Generic[Model]):
    """The model of the best validation, where its run stands, and the seconds of this call that
    no training took.
    """

    model: Model
    state: RunState
    uncounted_s: float


def train_in(
    folder: Path, task: Task[Model], *, device: torch.device, hooks: TrainingHooks
) -> Trained[Model]:
    """Train in `folder`, or go on with the run that it holds. Raises ModelError."""
    if has_run(folder):
        check_settings(folder, task.settings)
    else:
        begin_run(folder, task.settings)
    stopwatch = Stopwatch()
    hooks = replace(hooks, clock=stopwatch)
    trainer = _trainer(folder, task, device=device, hooks=hooks)
    state = trainer.fit()
    trainer.model.load_state_dict(load_file(folder / BEST))
    return Trained(trainer.model, state, stopwatch.held_s)


def _trainer(
    folder: Path, task: Task[Model], *, device: torch.device, hooks: TrainingHooks
) -> Trainer[Model]:
    torch.manual_seed(task.training.seed)
    model = task.build().to(device)
    stream = stream_of(task.songs, task.network, task.training)
    state = load_run_state(folder) if has_run(folder) else None

    def keep_best(best: Model, state: RunState) -> None:
        replace_file(folder / BEST, lambda path: save_file(best.state_dict(), path))
        hooks.on_best(best, state)

    kept = keeping_run(folder, replace(hooks, on_best=keep_best))
    trainer = Trainer(model, stream, task.held_out, task.training, kept, state)
    if state is not None:
        restore_run(trainer, folder)
    return trainer

"""What a training run keeps on disk to go on later: tensors as safetensors, the rest as JSON.

A run that goes on makes the same weights, bit for bit, as one that was never interrupted.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from model.config import TrainingConfig
from model.corpus.dataset import EncodedSong
from model.corpus.stream import SongStream
from model.errors import TrainingError
from model.network.recurrent_model import RecurrentModel
from model.network.state import RecurrentState
from model.training.progress import CurvePoint, RunState
from model.training.trainer import Trainer, TrainingHooks

_TENSORS = "training.safetensors"
_STATE = "training.json"
_SETTINGS = "settings.json"

# These may change when a run goes on: they say how long, not what.
_MAY_CHANGE = (
    "max_epochs",
    "max_minutes",
    "max_updates",
    "patience",
    "validations_per_epoch",
    "num_validations",
    "keep_checkpoints",
)


def begin_run(folder: Path, settings: Mapping[str, Any]) -> None:
    """Write what a run is begun with: "network", "training", whatever names its corpus, and, for a
    run that does not start from nothing, "start".
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(settings, ensure_ascii=False, indent=1)
    (folder / _SETTINGS).write_text(text, encoding="utf-8")


def check_settings(folder: Path, settings: Mapping[str, Any]) -> None:
    """TrainingError when the run in `folder` was begun with other settings than these."""
    begun = json.loads((folder / _SETTINGS).read_text(encoding="utf-8"))
    before = {**begun.pop("network"), **begun.pop("training")}
    for name, value in {**settings["network"], **settings["training"]}.items():
        if name in _MAY_CHANGE:
            continue
        if name not in before:
            raise TrainingError(
                f"The run in this folder was begun by a version without the setting {name}; "
                "use another folder."
            )
        if before[name] != value:
            raise TrainingError(
                f"The run in this folder was begun with {name} = {before[name]}, not {value}; "
                "use the same settings, or another folder."
            )
    if begun.pop("start", None) != settings.get("start"):
        raise TrainingError(
            "The run in this folder was begun with other weights to start from; use another folder."
        )
    if any(begun[name] != settings[name] for name in begun):
        raise TrainingError(
            "The run in this folder was begun with another corpus; use another folder."
        )


def keeping_run(folder: Path, hooks: TrainingHooks) -> TrainingHooks:
    """`hooks`, each called after what it tells of lies in `folder`; the weights are not among it.

    `log.jsonl` gets a line a validation.
    """

    def keep_log(point: CurvePoint) -> None:
        with (folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(asdict(point)) + "\n")
        hooks.on_validation(point)

    def keep_run(trainer: Trainer[Any]) -> None:
        save_run(trainer, folder)
        hooks.on_saving_point(trainer)

    return replace(hooks, on_validation=keep_log, on_saving_point=keep_run)


def keeping_best(
    folder: Path, hooks: TrainingHooks, keep: int, save: Callable[[Any, RunState, Path], None]
) -> TrainingHooks:
    """As `keeping_run`, and `save` writes the best model as a checkpoint: `best/` in `folder`.

    `best-2/` is the best before it, as far back as `keep` says.
    """

    def keep_best(model: Any, state: RunState) -> None:
        _make_room(folder, keep)
        save(model, state, folder / "best")
        hooks.on_best(model, state)

    return keeping_run(folder, replace(hooks, on_best=keep_best))


def _make_room(folder: Path, keep: int) -> None:
    """Number the checkpoints that were best before: `best-2` is the one before `best`."""
    names = ["best", *(f"best-{number}" for number in range(2, keep + 1))]
    for older, newer in zip(names[:0:-1], names[-2::-1], strict=True):
        if (folder / newer).exists():
            if (folder / older).exists():
                shutil.rmtree(folder / older)
            (folder / newer).replace(folder / older)


def train_in(
    folder: Path,
    model: RecurrentModel[Any],
    stream: SongStream,
    validation: Sequence[EncodedSong],
    training: TrainingConfig,
    hooks: TrainingHooks,
) -> RunState:
    """Train `model`, or go on with the run in `folder`; returns its end."""
    state = load_run_state(folder) if has_run(folder) else None
    trainer = Trainer(model, stream, validation, training, hooks, state)
    if state is not None:
        restore_run(trainer, folder)
    return trainer.fit()


def save_run(trainer: Trainer[Any], folder: Path) -> None:
    """Write weights, optimizer moments and position; the tensors name the step they belong to.

    The JSON file is replaced last and tells which tensors belong to it, so that a crash leaves a
    matching pair.
    """
    folder.mkdir(parents=True, exist_ok=True)
    previous = sorted(folder.glob(f"*-{_TENSORS}"))
    tensors = folder / f"{trainer.state.step:09d}-{_TENSORS}"
    replace_file(tensors, lambda path: save_file(tensors_of(trainer), path))
    replace_file(
        folder / _STATE, lambda path: path.write_text(trainer.state.to_json(), encoding="utf-8")
    )
    for path in previous:
        if path != tensors:
            path.unlink()


def has_run(folder: Path) -> bool:
    """Whether there is a run in `folder` that can go on."""
    return (folder / _STATE).exists()


def load_run_state(folder: Path) -> RunState:
    """Where the saved run stood."""
    return RunState.read(folder / _STATE)


def restore_run(trainer: Trainer[Any], folder: Path) -> None:
    """Put the saved weights, optimizer moments and carried state back into `trainer`."""
    restore_tensors(trainer, load_file(folder / f"{trainer.state.step:09d}-{_TENSORS}"))


def restore_tensors(trainer: Trainer[Any], tensors: Mapping[str, Tensor]) -> None:
    """Put what `tensors_of` has given back into a trainer that stands where that one stood."""
    trainer.model.load_state_dict(
        {name[6:]: value for name, value in tensors.items() if name.startswith("model.")}
    )
    for index, parameter in enumerate(trainer.parameters):
        keys = [key for key in tensors if key.startswith(f"optimizer.{index}.")]
        trainer.optimizer.state[parameter] = {
            key.rsplit(".", 1)[1]: tensors[key].to(parameter.device) for key in keys
        }
    if trainer.average is not None:
        trainer.average.num_updates = trainer.state.step
        for index, average in enumerate(trainer.average.average):
            average.copy_(tensors[f"average.{index}"])
    if "carried.hidden" in tensors:
        device = trainer.model.output_bias.device
        names = RecurrentState._fields
        trainer.carried = RecurrentState(*(tensors[f"carried.{name}"].to(device) for name in names))


def tensors_of(trainer: Trainer[Any]) -> dict[str, Tensor]:
    """Copies of everything that an update changes."""
    tensors = {f"model.{name}": value for name, value in trainer.model.state_dict().items()}
    for index, parameter in enumerate(trainer.parameters):
        for name, value in trainer.optimizer.state[parameter].items():
            tensors[f"optimizer.{index}.{name}"] = torch.as_tensor(value)
    if trainer.average is not None:
        averages = enumerate(trainer.average.average)
        tensors |= {f"average.{index}": value for index, value in averages}
    if trainer.carried is not None:
        tensors |= {f"carried.{name}": value for name, value in trainer.carried._asdict().items()}
    return {name: value.detach().contiguous().clone() for name, value in tensors.items()}


def replace_file(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` make a file that takes the place of `path` when it is whole and on disk."""
    temporary = path.with_suffix(".tmp")
    write(temporary)
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.replace(path)

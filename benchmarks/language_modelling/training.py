"""Training a recipe on a text in a folder of its own, on a clock that counts training alone."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file, save_file

from benchmarks.language_modelling.datasets import CharacterText, Dataset, pieces
from benchmarks.language_modelling.recipe import Recipe
from model.corpus.dataset import EncodedSong
from model.network.lyric_model import LyricModel
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

_BEST = "best.safetensors"


class Trained(NamedTuple):
    """The model of the best validation, where its run stands, and the seconds of this call that
    no training took.
    """

    model: LyricModel
    state: RunState
    uncounted_s: float


def train_recipe(
    dataset: Dataset,
    text: CharacterText,
    recipe: Recipe,
    folder: Path,
    *,
    device: torch.device,
    hooks: TrainingHooks,
) -> Trained:
    """Train in `folder`, or go on with the run that it holds. Raises ModelError.

    The training part is one stream without any marks, whose rows are cut anew in each epoch.
    """
    settings = {
        "network": asdict(recipe.network),
        "training": asdict(recipe.training),
        "dataset": dataset.name,
    }
    if has_run(folder):
        check_settings(folder, settings)
    else:
        begin_run(folder, settings)
    stopwatch = Stopwatch()
    hooks = replace(hooks, clock=stopwatch)
    trainer = _trainer(dataset, text, recipe, folder, device=device, hooks=hooks)
    state = trainer.fit()
    trainer.model.load_state_dict(load_file(folder / _BEST))
    return Trained(trainer.model, state, stopwatch.held_s)


def _trainer(
    dataset: Dataset,
    text: CharacterText,
    recipe: Recipe,
    folder: Path,
    *,
    device: torch.device,
    hooks: TrainingHooks,
) -> Trainer[LyricModel]:
    torch.manual_seed(recipe.training.seed)
    model = LyricModel(recipe.network).to(device)
    whole = EncodedSong(text.train, 0, num_characters=text.train.numel())
    stream = stream_of([whole], recipe.network, recipe.training)
    state = load_run_state(folder) if has_run(folder) else None

    def keep_best(best: LyricModel, state: RunState) -> None:
        replace_file(folder / _BEST, lambda path: save_file(best.state_dict(), path))
        hooks.on_best(best, state)

    kept = keeping_run(folder, replace(hooks, on_best=keep_best))
    held_out = pieces(text.validation, dataset.num_pieces)
    trainer = Trainer(model, stream, held_out, recipe.training, kept, state)
    if state is not None:
        restore_run(trainer, folder)
    return trainer

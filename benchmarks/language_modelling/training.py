"""Training a recipe on a published text."""

from pathlib import Path

import torch

from benchmarks.language_modelling.datasets import CharacterText, Dataset, pieces
from benchmarks.language_modelling.recipe import Recipe
from benchmarks.learning.training import Task, Trained, train_in
from model.corpus.dataset import EncodedSong
from model.network.lyric_model import LyricModel
from model.training.trainer import TrainingHooks


def train_recipe(
    dataset: Dataset,
    text: CharacterText,
    recipe: Recipe,
    folder: Path,
    *,
    device: torch.device,
    hooks: TrainingHooks,
) -> Trained[LyricModel]:
    """Train in `folder`, or go on with the run that it holds. Raises ModelError.

    The training part is one stream without any marks, whose rows are cut anew in each epoch.
    """
    task = Task(
        corpus=dataset.name,
        network=recipe.network,
        training=recipe.training,
        build=lambda: LyricModel(recipe.network),
        songs=[EncodedSong(text.train, 0, num_characters=text.train.numel())],
        held_out=pieces(text.validation, dataset.num_pieces),
    )
    return train_in(folder, task, device=device, hooks=hooks)

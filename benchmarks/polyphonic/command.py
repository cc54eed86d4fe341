"""Train a recipe on a classic set of piano rolls; its test figure beside published ones."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.learning.command import add_run_options, changes_of, measure
from benchmarks.learning.training import Task, train_in
from benchmarks.polyphonic.datasets import DATASETS, encoded, transposed
from benchmarks.polyphonic.recipe import Recipe, read_recipe, recipe_names
from benchmarks.polyphonic.report import make_report, table_of
from model.cli.progress import progress_bar, watching
from model.cli.shared import choose_device
from model.config import CELLS
from model.evaluation.curve import NATS_PER_FRAME
from model.network.frame_model import FrameModel

DEFAULT_RECIPES = {"jsb": "jsb", "nottingham": "nottingham"}


def add_command(commands: Any) -> None:
    """Add `polyphonic` to the parser of `python -m benchmarks`."""
    parser = commands.add_parser("polyphonic", help=__doc__, description=__doc__)
    parser.add_argument("--dataset", choices=sorted(DATASETS), required=True)
    names = ", ".join(recipe_names())
    parser.add_argument("--recipe", help=f"a TOML file, or one of {names}")
    parser.add_argument("--cell", choices=CELLS, help="in the place of the recipe's")
    parser.add_argument(
        "--transpose", type=int, metavar="SEMITONES", help="in the place of the recipe's; 0: none"
    )
    parser.add_argument("--minutes", type=float, help="of training (default: the recipe's)")
    add_run_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Train or go on, then score."""
    recipe = options.recipe or DEFAULT_RECIPES[options.dataset]
    folder = options.out or Path("runs") / f"polyphonic-{options.dataset}-{Path(recipe).stem}"
    return measure(options, lambda: _run_recipe(options, recipe, folder), folder, table_of)


def _recipe(options: argparse.Namespace, name: str) -> Recipe:
    recipe = read_recipe(name, **changes_of(options))
    if options.cell is not None:
        recipe = replace(recipe, network=replace(recipe.network, cell=options.cell))
    if options.transpose is not None:
        recipe = replace(recipe, transpose=options.transpose)
    return recipe


def _run_recipe(options: argparse.Namespace, name: str, folder: Path) -> dict[str, Any]:
    dataset = DATASETS[options.dataset]
    pieces = dataset.read(options.data)
    recipe = _recipe(options, name)
    network = recipe.network
    songs = encoded(transposed(pieces.training, recipe.transpose), network.grid_steps)

    def build() -> FrameModel:
        model = FrameModel(network)
        model.begin_with_shares(song.tokens for song in songs)
        return model

    task = Task(
        corpus=f"{dataset.name}, transposed by up to {recipe.transpose}",
        network=network,
        training=recipe.training,
        build=build,
        songs=songs,
        held_out=encoded(pieces.validation, network.grid_steps),
    )
    device = choose_device(options.device)
    with progress_bar(Console(stderr=True)) as bar:
        hooks = watching(bar, folder, NATS_PER_FRAME)
        trained = train_in(folder, task, device=device, hooks=hooks)
    return make_report(dataset, encoded(pieces.test, network.grid_steps), recipe, trained)

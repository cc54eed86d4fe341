"""Train a recipe on a published text, and report its held-out figures beside published ones."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.language_modelling.datasets import DATASETS, CharacterText
from benchmarks.language_modelling.dynamic import DynamicResult, score_dynamically
from benchmarks.language_modelling.published import PUBLISHED
from benchmarks.language_modelling.recipe import read_recipe, recipe_names
from benchmarks.language_modelling.report import figures, make_report
from benchmarks.language_modelling.training import train_recipe
from benchmarks.learning.command import add_run_options, changes_of, measure
from model.cli.progress import progress_bar, watching
from model.cli.shared import choose_device
from model.network.lyric_model import LyricModel

_DEFAULT_RECIPES = {"ptb-char": "lstm-3m", "tinyshakespeare": "shakespeare-5-minutes"}


def add_command(commands: Any) -> None:
    """Add `language-modelling` to the parser of `python -m benchmarks`."""
    parser = commands.add_parser("language-modelling", help=__doc__, description=__doc__)
    parser.add_argument("--dataset", choices=sorted(DATASETS), required=True)
    names = ", ".join(recipe_names())
    parser.add_argument("--recipe", help=f"a TOML file, or one of {names}")
    parser.add_argument("--minutes", type=float, help="of training (default: the recipe's)")
    parser.add_argument(
        "--dynamic", action="store_true", help="also score with weights that go on learning"
    )
    parser.add_argument(
        "--dynamic-learning-rate", type=float, help="default: chosen on validation, with its decay"
    )
    add_run_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Train or go on, then score."""
    recipe = options.recipe or _DEFAULT_RECIPES[options.dataset]
    folder = options.out or Path("runs") / f"{options.dataset}-{Path(recipe).stem}"
    return measure(
        options, lambda: run_recipe(options, options.dataset, recipe, folder), folder, _table
    )


def run_recipe(
    options: argparse.Namespace, dataset_name: str, recipe_name: str, folder: Path
) -> dict[str, Any]:
    """Train and score. Raises ModelError."""
    dataset = DATASETS[dataset_name]
    text = dataset.read(options.data)
    recipe = read_recipe(recipe_name, len(text.alphabet), **changes_of(options))
    device = choose_device(options.device)
    with progress_bar(Console(stderr=True)) as bar:
        hooks = watching(bar, folder)
        trained = train_recipe(dataset, text, recipe, folder, device=device, hooks=hooks)
    report = make_report(dataset, text, recipe, trained)
    report["published"] = [asdict(each) for each in PUBLISHED[dataset_name]]
    if getattr(options, "dynamic", False):
        report["dynamic"] = _dynamic(trained.model, text, options.dynamic_learning_rate)
    return report


def _dynamic(model: LyricModel, text: CharacterText, rate: float | None) -> dict[str, float]:
    result: DynamicResult = score_dynamically(model, text, rate)
    config = result.config
    return {
        **figures(result.score.bits_per_character),
        "learning_rate": config.learning_rate,
        "decay": config.decay,
        "segment": config.segment,
    }


def _table(report: dict[str, Any]) -> Table:
    table = Table("", "bits per character", "nats per character", title=report["dataset"])
    for name in ("validation", "test", "dynamic"):
        if part := report.get(name):
            bits, nats = part["bits_per_character"], part["nats_per_character"]
            table.add_row(f"{report['recipe']}, {name}", f"{bits:.4f}", f"{nats:.4f}", style="bold")
    table.add_section()
    for peer in report["published"]:
        figures_of_peer = {"bits": "", "nats": "", peer["unit"]: f"{peer['figure']:.3f}"}
        name = f"{peer['name']} ({peer['source']})"
        table.add_row(name, figures_of_peer["bits"], figures_of_peer["nats"])
    return table

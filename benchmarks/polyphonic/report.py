"""What a run is worth: one object with every figure, and the table of it among its peers."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from benchmarks.learning.report import command_line, run_facts
from benchmarks.learning.training import Trained
from benchmarks.polyphonic.datasets import Dataset
from benchmarks.polyphonic.published import PUBLISHED
from benchmarks.polyphonic.recipe import Recipe
from model.corpus.dataset import EncodedSong
from model.evaluation.perplexity import total_score
from model.network.frame_model import FrameModel

OUTPUTS = {"bernoulli": "each key by itself", "nade": "keys told of each other"}


def make_report(
    dataset: Dataset, test: Sequence[EncodedSong], recipe: Recipe, trained: Trained[FrameModel]
) -> dict[str, Any]:
    """Scores the test part by the model that was best on validation.

    The figure is that of Bai et al. 2018: each piece by itself, from an empty state; the cost of
    all keys of every frame but the first, summed over all pieces and divided by all those frames.
    """
    bits = trained.state.best_bits_per_character
    assert bits is not None
    return {
        "command": command_line(),
        "dataset": dataset.name,
        "recipe": recipe.name,
        "cell": recipe.network.cell,
        "output": recipe.network.output,
        "transpose": recipe.transpose,
        "validation_nats_per_frame": bits * math.log(2),
        "test_nats_per_frame": total_score(trained.model, test).nats_per_position,
        **run_facts(trained, recipe.network, recipe.training),
        "published": [asdict(each) for each in PUBLISHED[dataset.name]],
    }


def table_of(report: dict[str, Any]) -> Table:
    """Ours above, the others below, those of the same output first."""
    table = Table("", "output", "nats per frame", title=f"{report['dataset']}, test")
    kind = report["output"]
    validation = report["validation_nats_per_frame"]
    name = f"{report['recipe']}, {report['cell']} (validation {validation:.3f})"
    table.add_row(name, OUTPUTS[kind], f"{report['test_nats_per_frame']:.3f}", style="bold")
    table.add_section()
    for peer in sorted(report["published"], key=lambda peer: peer["kind"] != kind):
        name = f"{peer['name']} ({peer['source']})"
        table.add_row(name, OUTPUTS[peer["kind"]], f"{peer['figure']:.2f}")
    return table

"""What a run is worth: one object with every figure."""

import math
from typing import Any

from benchmarks.language_modelling.datasets import CharacterText, Dataset, pieces
from benchmarks.language_modelling.recipe import Recipe
from benchmarks.learning.report import command_line, run_facts
from benchmarks.learning.training import Trained
from model.evaluation.perplexity import total_score
from model.network.lyric_model import LyricModel


def make_report(
    dataset: Dataset, text: CharacterText, recipe: Recipe, trained: Trained[LyricModel]
) -> dict[str, Any]:
    """Scores the test part by the model that was best on validation."""
    model, state = trained.model, trained.state
    assert state.best_bits_per_character is not None
    test = pieces(text.test, dataset.num_pieces) if text.test.numel() else []
    return {
        "command": command_line(),
        "dataset": dataset.name,
        "recipe": recipe.name,
        "validation": figures(state.best_bits_per_character),
        "last_validation": figures(state.curve[-1].bits_per_character),
        "test": figures(total_score(model, test).bits_per_character) if test else None,
        **run_facts(trained, recipe.network, recipe.training),
    }


def figures(bits: float) -> dict[str, float]:
    """The same in bits and in nats per character."""
    return {"bits_per_character": bits, "nats_per_character": bits * math.log(2)}

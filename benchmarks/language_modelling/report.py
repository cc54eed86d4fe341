"""What a run is worth: one object with every figure, and the sentences that read it to a person."""

import math
import shlex
import sys
from dataclasses import asdict
from typing import Any

from benchmarks.language_modelling.datasets import CharacterText, Dataset, pieces
from benchmarks.language_modelling.recipe import Recipe
from benchmarks.language_modelling.training import Trained
from model.evaluation.perplexity import total_score


def make_report(
    dataset: Dataset, text: CharacterText, recipe: Recipe, trained: Trained
) -> dict[str, Any]:
    """Scores the test part by the model that was best on validation."""
    model, state = trained.model, trained.state
    assert state.best_bits_per_character is not None
    test = pieces(text.test, dataset.num_pieces) if text.test.numel() else []
    return {
        "command": shlex.join(["python", "-m", "benchmarks", *sys.argv[1:]]),
        "dataset": dataset.name,
        "recipe": recipe.name,
        "num_parameters": sum(parameter.numel() for parameter in model.parameters()),
        "validation": figures(state.best_bits_per_character),
        "last_validation": figures(state.curve[-1].bits_per_character),
        "test": figures(total_score(model, test).bits_per_character) if test else None,
        "training_s": state.elapsed_s,
        "uncounted_s": trained.uncounted_s,
        "num_updates": state.step,
        "num_epochs": state.curve[-1].epoch,
        "num_validations": len(state.curve),
        "network": asdict(recipe.network),
        "training": asdict(recipe.training),
    }


def figures(bits: float) -> dict[str, float]:
    """The same in bits and in nats per character."""
    return {"bits_per_character": bits, "nats_per_character": bits * math.log(2)}


def facts_of(report: dict[str, Any]) -> list[str]:
    """What the figures were reached with, a line each."""
    machine = report["machine"]
    return [
        f"{report['recipe']}: {report['num_parameters'] / 1e6:.2f} million weights,"
        f" {report['num_updates']:,} updates, {report['num_epochs']:.1f} epochs",
        f"{report['training_s'] / 60:.2f} minutes of training; its {report['num_validations']}"
        f" validations, {report['uncounted_s']:.0f} s in this call, are not counted",
        f"{machine['processor']}, {machine['num_threads']} of {machine['num_processors']} threads,"
        f" torch {machine['torch']}",
    ]

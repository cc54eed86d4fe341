"""What a run is worth: one object with every figure, and the sentences that read it to a person."""

import math
import shlex
import sys
import time
from dataclasses import asdict
from typing import Any

from benchmarks.language_modelling.datasets import CharacterText, Dataset, pieces
from benchmarks.language_modelling.recipe import Recipe
from model.evaluation.perplexity import Score, total_score
from model.network.lyric_model import LyricModel
from model.training.progress import RunState


def make_report(
    dataset: Dataset, text: CharacterText, recipe: Recipe, model: LyricModel, state: RunState
) -> dict[str, Any]:
    """Scores the held-out parts by `model`, the best of the run by validation."""
    started_at = time.perf_counter()
    validation = total_score(model, pieces(text.validation, dataset.num_pieces))
    validation_s = time.perf_counter() - started_at
    test = pieces(text.test, dataset.num_pieces) if text.test.numel() else []
    return {
        "command": shlex.join(["python", "-m", "benchmarks", *sys.argv[1:]]),
        "dataset": dataset.name,
        "recipe": recipe.name,
        "num_parameters": sum(parameter.numel() for parameter in model.parameters()),
        "validation": figures(validation),
        "test": figures(total_score(model, test)) if test else None,
        "last_validation_bits": state.curve[-1].bits_per_character,
        "training_s": state.elapsed_s,
        "num_updates": state.step,
        "num_epochs": state.curve[-1].epoch,
        "num_validations": len(state.curve),
        "validation_s": validation_s,
        "network": asdict(recipe.network),
        "training": asdict(recipe.training),
    }


def figures(score: Score) -> dict[str, float]:
    """The same in bits and in nats per character."""
    bits = score.bits_per_character
    return {"bits_per_character": bits, "nats_per_character": bits * math.log(2)}


def facts_of(report: dict[str, Any]) -> list[str]:
    """What the figures were reached with, a line each."""
    machine = report["machine"]
    return [
        f"{report['recipe']}: {report['num_parameters'] / 1e6:.2f} million weights,"
        f" {report['num_updates']:,} updates, {report['num_epochs']:.1f} epochs",
        f"{report['training_s'] / 60:.2f} minutes of training; {report['num_validations']}"
        f" validations of {report['validation_s']:.1f} s each are not counted",
        f"{machine['processor']}, {machine['num_threads']} of {machine['num_processors']} threads,"
        f" torch {machine['torch']}",
    ]

"""What a run was reached with: the part of a report that is the same for every published set."""

import shlex
import sys
from dataclasses import asdict
from typing import Any

from benchmarks.learning.training import Trained
from model.config import NetworkConfig, TrainingConfig


def command_line() -> str:
    """The command that is running."""
    return shlex.join(["python", "-m", "benchmarks", *sys.argv[1:]])


def run_facts(
    trained: Trained[Any], network: NetworkConfig, training: TrainingConfig
) -> dict[str, Any]:
    """Size, time and settings of a run, for its report."""
    model, state = trained.model, trained.state
    return {
        "num_parameters": sum(parameter.numel() for parameter in model.parameters()),
        "training_s": state.elapsed_s,
        "uncounted_s": trained.uncounted_s,
        "num_updates": state.step,
        "num_epochs": state.curve[-1].epoch,
        "num_validations": len(state.curve),
        "network": asdict(network),
        "training": asdict(training),
    }


def facts_of(report: dict[str, Any]) -> list[str]:
    """What the figures were reached with, a line each."""
    machine = report["machine"]
    return [
        f"{report['recipe']}: {report['num_parameters'] / 1e6:.2f} million weights,"
        f" {report['num_updates']:,} updates, {report['num_epochs']:.1f} epochs",
        f"{report['training_s'] / 60:.2f} minutes of training; its {report['num_validations']}"
        f" validations, {report['uncounted_s']:.0f} s in this call, are not counted",
        f"{report['processor_s'] / 60:.2f} minutes of processor time in this call, all counted",
        f"{machine['processor']}, {machine['num_threads']} of {machine['num_processors']} threads,"
        f" torch {machine['torch']}",
    ]

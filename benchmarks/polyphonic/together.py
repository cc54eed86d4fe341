"""Several runs on one classic set as an ensemble: the mean of how likely each holds a frame."""

import argparse
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from benchmarks.polyphonic.datasets import DATASETS, encoded
from benchmarks.polyphonic.runs import load_model, read_report
from model.errors import ConfigError, ModelError
from model.evaluation.perplexity import window_nats
from model.midi.classic_sets import Frames
from model.network.frame_model import FrameModel


def add_command(commands: Any) -> None:
    """Add `polyphonic-together` to the parser of `python -m benchmarks`."""
    parser = commands.add_parser("polyphonic-together", help=__doc__, description=__doc__)
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="folder of a run")
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="of the files")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print one JSON object with the figures of both held-out parts."""
    try:
        reports = [read_report(folder) for folder in options.runs]
        (name, *others) = {report["dataset"] for report in reports}
        if others:
            raise ConfigError(f"These runs are of different sets: {name}, {', '.join(others)}.")
        pieces = DATASETS[name].read(options.data)
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    models = [
        load_model(folder, report) for folder, report in zip(options.runs, reports, strict=True)
    ]
    figures = {
        "dataset": name,
        "runs": [str(folder) for folder in options.runs],
        "validation_nats_per_frame": nats_per_frame(models, pieces.validation),
        "test_nats_per_frame": nats_per_frame(models, pieces.test),
    }
    print(json.dumps(figures, indent=2))
    return 0


@torch.inference_mode()
def nats_per_frame(models: Sequence[FrameModel], pieces: Sequence[Frames]) -> float:
    """Of the mixture of `models`, counted as each of them alone is."""
    longest_first = sorted(pieces, key=len, reverse=True)
    each = [window_nats(model, encoded(longest_first, model.config.grid_steps)) for model in models]
    total = sum(_mixed(torch.stack(windows)) for windows in zip(*each, strict=True))
    return total / sum(len(frames) - 1 for frames in pieces)


def _mixed(nats: Tensor) -> float:
    """Nats (models, rows, time) of the same frames, added up for the mean of the likelihoods."""
    return -(torch.logsumexp(-nats.double(), 0) - math.log(len(nats))).sum().item()

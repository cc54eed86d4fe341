"""A run on a classic set, scored by weights that learn from each piece while it is told.

Every piece begins with the weights as they were trained: nothing is carried from one to another.
"""

import argparse
import itertools
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from torch import Tensor

from benchmarks.polyphonic.datasets import DATASETS, encoded
from benchmarks.polyphonic.runs import load_model, read_report
from model.corpus.dataset import EncodedSong
from model.errors import ModelError
from model.evaluation.dynamic import DynamicConfig, DynamicScorer, gradient_magnitudes
from model.evaluation.perplexity import NO_SCORE
from model.network.frame_model import FrameModel

_SEGMENT = 16  # frames: a chorale has four of them, a tune sixteen
CHOICES = [
    DynamicConfig(learning_rate=rate, decay=decay, segment=_SEGMENT)
    for rate, decay in itertools.product((1e-3, 3e-3, 1e-2), (0.0, 0.02))
]
_REFERENCE_PIECES = 60  # of training: enough to know how large gradients are
_CHOICE_PIECES = 40  # of validation


def add_command(commands: Any) -> None:
    """Add `polyphonic-dynamic` to the parser of `python -m benchmarks`."""
    parser = commands.add_parser("polyphonic-dynamic", help=__doc__, description=__doc__)
    parser.add_argument("run_folder", type=Path, metavar="RUN", help="folder of a run")
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="of the files")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Choose how to learn by validation; print one JSON object with the figure of the test part."""
    try:
        report = read_report(options.run_folder)
        pieces = DATASETS[report["dataset"]].read(options.data)
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    model = load_model(options.run_folder, report)
    training, validation, test = (
        encoded(part, model.config.grid_steps)
        for part in (pieces.training[:_REFERENCE_PIECES], pieces.validation, pieces.test)
    )
    magnitudes = gradient_magnitudes(model, [[song] for song in training], _SEGMENT)
    chosen = min(
        CHOICES,
        key=lambda config: nats_per_frame(model, validation[:_CHOICE_PIECES], config, magnitudes),
    )
    figures = {
        "dataset": report["dataset"],
        "run": str(options.run_folder),
        "learning_rate": chosen.learning_rate,
        "decay": chosen.decay,
        "segment": chosen.segment,
        "test_nats_per_frame": nats_per_frame(model, test, chosen, magnitudes),
    }
    print(json.dumps(figures, indent=2))
    return 0


def nats_per_frame(
    model: FrameModel,
    songs: Sequence[EncodedSong],
    config: DynamicConfig,
    magnitudes: Sequence[Tensor],
) -> float:
    """Of pieces that are scored one by one."""
    scorer = DynamicScorer(model, config, magnitudes)
    total = NO_SCORE
    for song in songs:
        scorer.reset()
        total = sum(scorer.score([song]), total)
    return total.nats_per_position

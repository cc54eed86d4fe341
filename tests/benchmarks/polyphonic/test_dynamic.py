"""Weights that follow a piece: better where it repeats itself, and forgotten at its end."""

import pytest
import torch

from benchmarks.polyphonic.datasets import encoded
from benchmarks.polyphonic.dynamic import nats_per_frame
from model.config import FrameModelConfig
from model.evaluation.dynamic import DynamicConfig, gradient_magnitudes
from model.evaluation.perplexity import total_score
from model.network.frame_model import FrameModel
from tests.benchmarks.polyphonic.helpers import piece

SONGS = encoded([piece(60, 0), piece(40, 5)], 0)


def test_a_piece_is_learnt_from_and_then_forgotten() -> None:
    torch.manual_seed(0)
    sizes = {"num_artists": 1, "conditioning": "none", "hidden_size": 8, "embedding_size": 4}
    model = FrameModel(FrameModelConfig.from_dict(sizes)).eval()
    magnitudes = gradient_magnitudes(model, [[song] for song in SONGS], 8)

    def nats(rate: float, order: int) -> float:
        config = DynamicConfig(learning_rate=rate, segment=8)
        return nats_per_frame(model, SONGS[::order], config, magnitudes)

    still = total_score(model, SONGS).nats_per_position
    assert nats(0.0, 1) == pytest.approx(still)
    assert nats(0.02, 1) < 0.9 * still
    assert nats(0.02, 1) == pytest.approx(nats(0.02, -1))

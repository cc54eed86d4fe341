"""An ensemble is counted as its members are."""

from pathlib import Path

import pytest
import torch

from benchmarks.__main__ import main
from benchmarks.polyphonic import datasets
from benchmarks.polyphonic.datasets import encoded
from benchmarks.polyphonic.together import nats_per_frame
from model.config import FrameModelConfig
from model.evaluation.perplexity import total_score
from model.network.frame_model import FrameModel
from tests.benchmarks.polyphonic.helpers import piece, small_set

PIECES = [piece(9, 0), piece(30, 5), piece(14, 2)]


def model_of(seed: int, grid_steps: int = 0) -> FrameModel:
    torch.manual_seed(seed)
    sizes = {"num_artists": 1, "conditioning": "none", "hidden_size": 8, "embedding_size": 4}
    return FrameModel(FrameModelConfig.from_dict({**sizes, "grid_steps": grid_steps})).eval()


def test_one_model_twice_is_that_model() -> None:
    model = model_of(0, grid_steps=4)
    alone = total_score(model, encoded(PIECES, 4)).nats_per_position
    assert nats_per_frame([model, model], PIECES) == pytest.approx(alone)


def test_two_models_together_are_better_than_their_mean() -> None:
    one, other = model_of(0), model_of(1, grid_steps=4)
    alone = [nats_per_frame([model], PIECES) for model in (one, other)]
    together = nats_per_frame([one, other], PIECES)
    assert min(alone) - 1 < together < sum(alone) / 2


@pytest.mark.parametrize("command", ["together", "dynamic", "picture"])
def test_a_folder_without_a_run_is_one_sentence(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(datasets.DATASETS, "jsb", small_set(tmp_path))
    other = "--out" if command == "picture" else "--data"
    assert main([f"polyphonic-{command}", str(tmp_path), other, str(tmp_path)]) == 1
    assert "no finished run" in capsys.readouterr().err

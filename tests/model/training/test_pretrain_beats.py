"""Training on piano rolls: the same trainer, folder and resuming as for lyrics."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from model.beats.checkpoint import load_beat_checkpoint
from model.beats.piece import Piece
from model.config import FrameModelConfig, TrainingConfig
from model.corpus.split import Splits
from model.errors import CorpusError, TrainingError
from model.training.pretrain_beats import network_for, pretrain_beats
from model.training.progress import RunState
from tests.factories import march

PIECES = [Piece("march", f"march {number}", march(number)) for number in range(8)]
WALTZES = [
    Piece("waltz", f"waltz {number}", replace(march(number), beats_per_bar=3))
    for number in range(8, 12)
]
SPLITS = Splits([*PIECES[1:], *WALTZES[1:]], [PIECES[0], WALTZES[0]], [])
NETWORK = network_for(
    FrameModelConfig.from_dict(
        {"num_artists": 1, "embedding_size": 8, "artist_size": 4, "hidden_size": 12, "nade_size": 4}
    ),
    SPLITS,
)
TRAINING = TrainingConfig(
    batch_size=4, window=16, learning_rate=0.01, max_updates=9, max_epochs=99, patience=99
)


def run(folder: Path, splits: Splits[Piece] = SPLITS, **training: Any) -> RunState:
    return pretrain_beats(splits, folder, NETWORK, replace(TRAINING, **training), version="march-1")


def test_a_checkpoint_knows_its_styles_and_what_is_usual_in_them(tmp_path: Path) -> None:
    state = run(tmp_path)
    checkpoint = load_beat_checkpoint(tmp_path / "best")
    assert (checkpoint.version, checkpoint.steps_per_beat) == ("march-1", 4)
    assert [style.name for style in checkpoint.styles] == ["march", "waltz"]
    assert [style.beats_per_bar for style in checkpoint.styles] == [4, 3]
    assert checkpoint.styles[0].tempo == 110
    figures = {"validation_bits_per_frame": state.best_bits_per_character}
    assert checkpoint.figures == figures


def test_a_run_that_goes_on_is_the_one_that_was_never_interrupted(tmp_path: Path) -> None:
    same: dict[str, Any] = {
        "final_learning_rate": 0.01,
        "warmup_fraction": 0.0,
        "validations_per_epoch": 2,
    }
    run(tmp_path / "straight", max_updates=8, **same)
    run(tmp_path / "halves", max_updates=4, **same)
    run(tmp_path / "halves", max_updates=8, **same)
    straight, halves = (
        load_beat_checkpoint(tmp_path / name / "best").model.state_dict()
        for name in ("straight", "halves")
    )
    assert all(torch.equal(value, halves[name]) for name, value in straight.items())


def test_a_run_does_not_go_on_with_other_settings_or_pieces(tmp_path: Path) -> None:
    run(tmp_path, max_updates=2)
    with pytest.raises(TrainingError, match=r"begun with learning_rate = 0\.01, not 0\.02"):
        run(tmp_path, learning_rate=0.02)
    with pytest.raises(TrainingError, match="begun with another corpus"):
        run(tmp_path, Splits(SPLITS.train[1:], SPLITS.validation, []))


def test_a_style_that_is_only_held_out_is_named(tmp_path: Path) -> None:
    splits = Splits(PIECES[1:], [PIECES[0], WALTZES[0]], [])
    with pytest.raises(CorpusError, match="no piece to learn waltz from"):
        run(tmp_path, splits)


def test_nothing_to_choose_by_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="No piece falls into the validation split; add pieces"):
        run(tmp_path, Splits(PIECES, [], []))

"""A checkpoint of beats learns new pieces by the course that songs take, and forgets little."""

import dataclasses
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.beats import replay
from model.beats.checkpoint import BeatCheckpoint, load_beat_checkpoint, save_beat_checkpoint
from model.beats.piece import Piece
from model.beats.plan import plan_beat
from model.beats.writer import write_beats
from model.config import FinetuneConfig
from model.errors import CorpusError
from model.training.finetune import FinetuneResult
from model.training.finetune_beats import finetune_beats, hold_out_pieces
from model.training.finetune_hooks import FinetuneHooks
from model.training.finetune_memory import FinetuneMemory
from model.training.progress import FinetuneProgress
from tests.factories import march, tiny_beat_checkpoint

CONFIG = FinetuneConfig(
    learning_rate=0.01,
    artist_learning_rate=0.05,
    epochs=1,
    artist_epochs=1,
    min_epoch_tokens=400,
    batch_size=4,
    max_loss_on_others=0.5,
)
PIECES = [Piece("polka", f"polka {number}", march(number)) for number in range(5)]


@pytest.fixture(scope="module")
def live() -> BeatCheckpoint:
    return tiny_beat_checkpoint()


@pytest.fixture(scope="module", autouse=True)
def little_replay() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replay, "_NUM_BARS", 2)
        patch.setattr("model.training.finetune_data._MEASURED", 200)
        yield


@pytest.fixture(scope="module")
def result(live: BeatCheckpoint) -> FinetuneResult[BeatCheckpoint]:
    return finetune_beats(live, "polka-1", PIECES, CONFIG)


def test_a_new_style_reads_better_and_the_others_lose_little(
    result: FinetuneResult[BeatCheckpoint],
) -> None:
    assert result.new_songs is not None
    assert result.new_songs.gain > 0
    assert set(result.artists) == {"polka"}
    assert result.others.candidate <= result.others.live + CONFIG.max_loss_on_others


def test_the_candidate_writes_in_the_new_style_and_can_be_kept(
    result: FinetuneResult[BeatCheckpoint], tmp_path: Path
) -> None:
    save_beat_checkpoint(result.candidate, tmp_path / "c")
    kept = load_beat_checkpoint(tmp_path / "c")
    assert (kept.version, kept.parent) == ("polka-1", "tiny-beats")
    assert [style.name for style in kept.styles] == ["march", "waltz", "polka"]
    assert kept.styles[2].tempo == march(0).tempo
    (beat,) = write_beats(kept, [plan_beat(kept, "polka", 2, 7)])
    assert beat.roll is not None
    assert len(beat.roll) == 2 * beat.roll.steps_per_bar


def test_the_live_checkpoint_is_left_as_it_is(
    live: BeatCheckpoint, result: FinetuneResult[BeatCheckpoint]
) -> None:
    untouched = tiny_beat_checkpoint()
    for name, value in live.model.state_dict().items():
        assert torch.equal(value, untouched.model.state_dict()[name]), name
    assert result.candidate.model is not live.model


def test_a_style_that_is_known_gets_no_second_row(live: BeatCheckpoint) -> None:
    pieces = [replace(piece, style="march") for piece in PIECES]
    found = finetune_beats(live, "v", pieces, dataclasses.replace(CONFIG, epochs=0))
    assert found.candidate.styles == live.styles


def test_bars_longer_than_the_network_knows_are_learned_in_fours(live: BeatCheckpoint) -> None:
    roll = replace(march(1), beats_per_bar=7)
    pieces = [Piece("odd", f"odd {number}", roll) for number in range(2)]
    found = finetune_beats(live, "v", pieces, dataclasses.replace(CONFIG, epochs=0))
    assert found.candidate.styles[-1].beats_per_bar == 4


def test_of_few_pieces_the_last_bars_are_held_out_and_of_many_a_whole_one() -> None:
    learn, held_out = hold_out_pieces(PIECES[:2])
    assert [len(a.roll) + len(b.roll) for a, b in zip(learn, held_out, strict=True)] == [
        len(piece.roll) for piece in PIECES[:2]
    ]
    learn, held_out = hold_out_pieces(PIECES)
    assert len(learn) + len(held_out) == len(PIECES)
    with pytest.raises(CorpusError, match="one bar"):
        hold_out_pieces([Piece("a", "b", replace(march(1), frames=march(1).frames[:8]))])


def test_a_run_that_goes_on_hears_the_same_replay_and_ends_the_same(
    live: BeatCheckpoint, result: FinetuneResult[BeatCheckpoint], tmp_path: Path
) -> None:
    class Cut(Exception):
        pass

    def cut(progress: FinetuneProgress) -> None:
        if progress.stage == "interpolation":
            raise Cut

    hooks = FinetuneHooks(cut, memory=FinetuneMemory(tmp_path, "key"))
    with pytest.raises(Cut):
        finetune_beats(live, "polka-1", PIECES, CONFIG, hooks)
    hooks = FinetuneHooks(memory=FinetuneMemory(tmp_path, "key"))
    assert hooks.memory.resumed is not None
    again = finetune_beats(live, "polka-1", PIECES, CONFIG, hooks)
    assert again.new_songs == result.new_songs
    assert again.others == result.others

"""Training from nothing: what is impossible is said before any training, what is best is kept."""

import json
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import torch

from model.checkpoint import load_checkpoint
from model.config import ModelConfig, TrainingConfig
from model.copyguard import CopyIndex
from model.corpus.song import Song
from model.corpus.split import Splits
from model.craft import Craft, Habits
from model.errors import CorpusError, TrainingError
from model.training.pretrain import pretrain
from model.training.progress import RunState
from model.training.run_folder import load_run_state
from model.training.trainer import TrainingHooks
from tests.factories import songs, tiny_checkpoint

NETWORK = ModelConfig(
    vocab_size=300, num_artists=3, embedding_size=8, artist_size=4, hidden_size=12
)
TRAINING = TrainingConfig(
    batch_size=4, window=16, learning_rate=0.01, max_updates=12, max_epochs=99, patience=99
)
SPLITS = Splits(songs()[3:], songs()[:3], [])
_ONE_STEP_OF_NO_LENGTH = replace(
    TRAINING, max_updates=1, learning_rate=1e-30, final_learning_rate=0.0
)


def run(folder: Path, splits: Splits[Song] = SPLITS, **training: Any) -> RunState:
    hooks = TrainingHooks(on_progress=lambda _: pytest.fail("time was spent on training"))
    return pretrain(splits, folder, NETWORK, replace(TRAINING, **training), hooks=hooks)


def test_one_song_cannot_also_validate(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="No song falls into the validation split; add songs"):
        run(tmp_path, Splits(songs()[:1], [], []))


def test_a_corpus_too_small_for_batch_and_window_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        CorpusError, match=r"too few for 64 rows of 256.* smaller batch_size or win"
    ):
        run(tmp_path, batch_size=64, window=256)


def test_the_copy_index_knows_every_song_held_out_or_not(tmp_path: Path) -> None:
    held_out = Song("Mara Quill", "Salt", "Salt on the window, salt on the floor\n" * 4, "en")
    splits = Splits(SPLITS.train, SPLITS.validation, [held_out])
    quick = replace(TRAINING, max_updates=1)
    pretrain(splits, tmp_path, NETWORK, quick)
    index = load_checkpoint(tmp_path / "best").copy_index
    assert all(index.first_copy(song.text) == 0 for song in chain(*splits))


def test_training_on_keeps_what_the_start_knew(tmp_path: Path) -> None:
    line = "Salt on the window, salt on the floor"
    start = replace(tiny_checkpoint(), copy_index=CopyIndex.build([line]))
    pretrain(SPLITS, tmp_path, start, replace(TRAINING, max_updates=1))
    index = load_checkpoint(tmp_path / "best").copy_index
    assert index.first_copy(line) == index.first_copy(SPLITS.train[0].text) == 0


def test_a_checkpoint_knows_how_those_it_learned_from_make_lines(tmp_path: Path) -> None:
    pretrain(SPLITS, tmp_path / "new", NETWORK, replace(TRAINING, max_updates=1))
    craft = load_checkpoint(tmp_path / "new" / "best").craft
    assert craft == Craft().with_songs(SPLITS.train)
    assert {*craft.habits} == {"Mara Quill", "Roof Fox", "夜雨"}
    known = {"Mara Quill": Habits("ABBA", 3.0, 1.0)}
    start = replace(tiny_checkpoint(), craft=Craft(("salt",), known))
    pretrain(SPLITS, tmp_path / "on", start, replace(TRAINING, max_updates=1))
    craft = load_checkpoint(tmp_path / "on" / "best").craft
    assert craft.habits_of("Mara Quill") == known["Mara Quill"]
    assert {*craft.habits} == {"Mara Quill", "Roof Fox", "夜雨"}
    assert craft.line_ends[0] == "salt"
    assert "light" in craft.line_ends


def test_an_artist_without_a_name_is_refused(tmp_path: Path) -> None:
    nameless = Song(" ", "Harbour", songs()[0].text, "en")
    with pytest.raises(CorpusError, match="artist without a name"):
        run(tmp_path, Splits([*SPLITS.train, nameless], SPLITS.validation, []))


def test_an_artist_who_is_only_held_out_is_named(tmp_path: Path) -> None:
    unheard = Song("Ola Tern", "Harbour", songs()[0].text, "en")
    with pytest.raises(CorpusError, match=r"no song to learn Ola Tern from.* Add songs"):
        run(tmp_path, Splits(SPLITS.train, [*SPLITS.validation, unheard], []))


def test_a_run_does_not_go_on_with_other_settings_or_songs(tmp_path: Path) -> None:
    pretrain(SPLITS, tmp_path, NETWORK, replace(TRAINING, max_updates=2))
    with pytest.raises(TrainingError, match=r"begun with learning_rate = 0\.01, not 0\.02; use"):
        run(tmp_path, learning_rate=0.02)
    with pytest.raises(TrainingError, match="begun with another corpus; use another folder"):
        run(tmp_path, Splits(songs()[4:], songs()[:3], []))


def test_the_last_best_checkpoints_are_kept_and_no_more(tmp_path: Path) -> None:
    pretrain(SPLITS, tmp_path, NETWORK, replace(TRAINING, num_validations=6, keep_checkpoints=3))
    kept = sorted(path.name for path in tmp_path.glob("best*"))
    assert kept == ["best", "best-2", "best-3"]
    figures = [
        load_checkpoint(tmp_path / name).figures["validation_bits_per_character"] for name in kept
    ]
    assert figures == sorted(figures)


def test_each_validation_is_a_line_of_the_log(tmp_path: Path) -> None:
    state = pretrain(SPLITS, tmp_path, NETWORK, replace(TRAINING, num_validations=3))
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert len(lines) == len(state.curve) == 3
    told = ("train_loss", "bits_per_character", "perplexity", "gradient_norm", "tokens_per_s")
    assert all(line[name] > 0 for line in lines for name in (*told, "elapsed_s"))


def test_a_checkpoint_is_trained_on_with_its_tokens_and_artists(tmp_path: Path) -> None:
    start = tiny_checkpoint("first")
    origin = replace(start, model=start.model.with_dropout({"hidden_dropout": 0.4}))
    pretrain(SPLITS, tmp_path, origin, _ONE_STEP_OF_NO_LENGTH)
    trained = load_checkpoint(tmp_path / "best")
    assert trained.parent == "first"
    assert trained.artists == start.artists
    assert trained.tokenizer.to_json() == start.tokenizer.to_json()
    assert trained.model.config.hidden_dropout == 0.4
    for name, value in start.model.state_dict().items():
        assert torch.equal(trained.model.state_dict()[name], value.half().float()), name


def test_artists_unknown_to_the_checkpoint_to_start_from_are_named(tmp_path: Path) -> None:
    unheard = [Song("Ola Tern", f"Harbour {n}", songs()[0].text, "en") for n in range(3)]
    with pytest.raises(CorpusError, match="does not know Ola Tern; leave their songs out"):
        pretrain(
            Splits([*SPLITS.train, *unheard], *SPLITS[1:]), tmp_path, tiny_checkpoint(), TRAINING
        )


def test_a_run_does_not_go_on_from_another_start(tmp_path: Path) -> None:
    few = replace(TRAINING, max_updates=2)
    pretrain(SPLITS, tmp_path, tiny_checkpoint(), few)
    with pytest.raises(TrainingError, match="begun with other weights to start from; use another"):
        pretrain(SPLITS, tmp_path, tiny_checkpoint(seed=1), few)
    pretrain(SPLITS, tmp_path, tiny_checkpoint(), replace(TRAINING, max_updates=4))
    assert load_run_state(tmp_path).step == 4

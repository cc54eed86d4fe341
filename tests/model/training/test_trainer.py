"""The trainer: it learns, keeps the best weights, stops in time, and goes on where it was."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from model.config import TrainingConfig
from model.corpus.dataset import EncodedSong, encode_songs
from model.corpus.stream import SongStream
from model.errors import TrainingError
from model.evaluation.perplexity import total_score
from model.network.lyric_model import LyricModel
from model.network.recurrent_model import Features
from model.network.state import RecurrentState
from model.training.progress import RunState, TrainingProgress
from model.training.run_folder import has_run, load_run_state, restore_run, save_run
from model.training.trainer import Trainer, TrainingHooks
from tests.factories import songs, tiny_checkpoint

CONFIG = TrainingConfig(
    batch_size=4, window=16, learning_rate=0.01, max_epochs=3, validations_per_epoch=2
)


def encoded() -> tuple[list[EncodedSong], list[EncodedSong]]:
    checkpoint = tiny_checkpoint()
    everything = encode_songs(songs(), checkpoint.artists, checkpoint.tokenizer)
    return everything[3:], everything[:3]


def new_trainer(
    config: TrainingConfig = CONFIG,
    hooks: TrainingHooks | None = None,
    state: RunState | None = None,
    validation: Sequence[EncodedSong] | None = None,
) -> Trainer[LyricModel]:
    train, held_out = encoded()
    stream = SongStream(train, config.batch_size, config.window, config.seed)
    model = tiny_checkpoint().model
    return Trainer(
        model, stream, held_out if validation is None else validation, config, hooks, state
    )


def weights(model: LyricModel) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in model.state_dict().items()}


def assert_same(one: dict[str, Tensor], other: dict[str, Tensor]) -> None:
    assert all(torch.equal(value, other[name]) for name, value in one.items())


def changed(**settings: Any) -> TrainingConfig:
    values = {name: getattr(CONFIG, name) for name in CONFIG.__dataclass_fields__}
    return TrainingConfig(**{**values, **settings})


class Stopped(Exception):
    pass


def stop_after(num_saves: int, folder: Path) -> Callable[[Trainer[LyricModel]], None]:
    def save(trainer: Trainer[LyricModel]) -> None:
        save_run(trainer, folder)
        if len(trainer.state.curve) == num_saves:
            raise Stopped

    return save


@pytest.mark.parametrize("num_saves", [1, 2, 3])
def test_an_interrupted_run_ends_with_the_weights_of_one_that_was_not(
    num_saves: int, tmp_path: Path
) -> None:
    whole = new_trainer()
    whole.fit()

    first = new_trainer(hooks=TrainingHooks(on_saving_point=stop_after(num_saves, tmp_path)))
    with pytest.raises(Stopped):
        first.fit()
    assert has_run(tmp_path)
    torch.manual_seed(1234)  # whatever happened in between
    second = new_trainer(state=load_run_state(tmp_path))
    restore_run(second, tmp_path)
    state = second.fit()

    assert_same(weights(whole.model), weights(second.model))
    assert state.step == whole.state.step
    assert [point.bits_per_character for point in state.curve] == [
        point.bits_per_character for point in whole.state.curve
    ]


def test_a_crash_while_saving_leaves_the_save_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = new_trainer()
    trainer.state.step = 5
    save_run(trainer, tmp_path)
    kept = weights(trainer.model)

    trainer.state.step = 9
    with torch.no_grad():
        trainer.model.output_bias.add_(1)
    with monkeypatch.context() as patched:
        patched.setattr(RunState, "to_json", lambda _: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(OSError, match="full"):
            save_run(trainer, tmp_path)

    state = load_run_state(tmp_path)
    again = new_trainer(state=state)
    restore_run(again, tmp_path)
    assert state.step == 5
    assert_same(kept, weights(again.model))


def test_only_the_newest_save_is_kept(tmp_path: Path) -> None:
    trainer = new_trainer(
        hooks=TrainingHooks(on_saving_point=lambda each: save_run(each, tmp_path))
    )
    trainer.fit()
    assert len(trainer.state.curve) > 3
    assert len(list(tmp_path.iterdir())) == 2


def test_training_lowers_the_bits_per_character() -> None:
    trainer = new_trainer()
    before = trainer.measure().bits_per_character
    assert trainer.fit().curve[-1].bits_per_character < 0.8 * before


def test_the_best_weights_are_handed_over_with_their_figure() -> None:
    kept: list[tuple[float, dict[str, Tensor]]] = []

    def keep(model: LyricModel, state: RunState) -> None:
        kept.append((state.best_bits_per_character or math.nan, weights(model)))

    trainer = new_trainer(changed(learning_rate=0.2, max_epochs=2), TrainingHooks(on_best=keep))
    state = trainer.fit()
    figures = [point.bits_per_character for point in state.curve]
    best, best_weights = kept[-1]
    assert best == state.best_bits_per_character == min(figures)
    assert [figure for figure, _ in kept] == sorted({*[each for each, _ in kept]}, reverse=True)
    trainer.model.load_state_dict(best_weights)
    assert total_score(trainer.model, trainer.validation).bits_per_character == best


def test_the_state_is_carried_on_and_reset_where_a_row_begins_a_song(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trainer = new_trainer(changed(max_epochs=8))
    bos_id = tiny_checkpoint().tokenizer.bos_id
    carried: dict[bool, list[bool]] = {True: [], False: []}
    features = trainer.model.features

    def watch(
        tokens: Tensor, artists: Tensor, state: RecurrentState, *rest: Any
    ) -> tuple[Features, RecurrentState]:
        if trainer.model.training and trainer.state.next_window:
            for row, first in enumerate(tokens[:, 0] == bos_id):
                carried[bool(first)].append(bool(state.hidden[:, row].any()))
        return features(tokens, artists, state, *rest)

    monkeypatch.setattr(trainer.model, "features", watch)
    trainer.fit()
    assert set(carried[False]) == {True}
    assert set(carried[True]) == {False}


def test_patience_ends_a_run_that_does_not_improve_and_going_on_changes_nothing() -> None:
    state = RunState(best_bits_per_character=0.0)
    trainer = new_trainer(changed(patience=2, max_epochs=50), state=state)
    trainer.fit()
    assert len(state.curve) == 2
    step = state.step
    new_trainer(changed(patience=2, max_epochs=50), state=state).fit()
    assert state.step == step


def test_a_run_ends_when_its_minutes_are_over() -> None:
    trainer = new_trainer(changed(max_epochs=1e6, max_minutes=0.5 / 60, patience=10**6))
    state = trainer.fit()
    assert 0.5 <= state.elapsed_s < 30
    assert trainer.fraction == 1


def test_progress_rises_to_one_and_the_time_left_is_never_negative() -> None:
    heard: list[TrainingProgress] = []
    trainer = new_trainer(changed(max_epochs=6), TrainingHooks(on_progress=heard.append))
    trainer.fit()
    fractions = [progress.fraction for progress in heard]
    assert fractions == sorted(fractions)
    assert all(progress.remaining_s >= 0 and progress.loss > 0 for progress in heard)
    assert trainer.fraction == 1


def test_what_must_not_move_does_not() -> None:
    model = tiny_checkpoint().model
    for parameter in model.parameters():
        parameter.requires_grad_(parameter is model.artist_embedding.weight)
    before = weights(model)
    train, held_out = encoded()
    Trainer(model, SongStream(train, 4, 16), held_out, changed(weight_decay=0.0)).fit()
    moved = {name for name, value in model.state_dict().items() if not value.equal(before[name])}
    assert moved == {"artist_embedding.weight"}


def test_a_loss_that_is_no_number_stops_the_run_with_advice() -> None:
    trainer = new_trainer()
    with torch.no_grad():
        trainer.model.output_bias[0] = float("nan")
    with pytest.raises(TrainingError, match="lower learning_rate"):
        trainer.fit()


def test_an_exploding_loss_stops_the_run_and_the_best_weights_stay() -> None:
    kept: list[float | None] = []

    def explode(trainer: Trainer[LyricModel]) -> None:
        if len(trainer.state.curve) == 2:
            with torch.no_grad():
                trainer.model.output_bias[3] = 1e4

    hooks = TrainingHooks(
        on_best=lambda _, state: kept.append(state.best_bits_per_character),
        on_saving_point=explode,
    )
    with pytest.raises(
        TrainingError, match=r"exploded at step \d+ .* best weights so far are kept"
    ):
        new_trainer(hooks=hooks).fit()
    assert len(kept) == 2


def test_a_run_ends_with_its_updates() -> None:
    trainer = new_trainer(changed(max_epochs=1e6, max_updates=7))
    assert trainer.fit().step == 7


def test_the_average_of_the_weights_is_measured_and_kept_and_training_goes_on_without() -> None:
    kept: list[dict[str, Tensor]] = []
    hooks = TrainingHooks(on_best=lambda model, _: kept.append(weights(model)))
    trainer = new_trainer(changed(average_decay=0.9), hooks)
    plain = new_trainer()
    trainer.fit()
    plain.fit()
    assert_same(weights(plain.model), weights(trainer.model))
    assert not torch.equal(kept[-1]["output_bias"], plain.model.output_bias)


def test_a_run_with_an_average_goes_on_as_if_never_interrupted(tmp_path: Path) -> None:
    config = changed(average_decay=0.9)
    whole = new_trainer(config)
    whole.fit()
    with pytest.raises(Stopped):
        new_trainer(config, TrainingHooks(on_saving_point=stop_after(2, tmp_path))).fit()
    second = new_trainer(config, state=load_run_state(tmp_path))
    restore_run(second, tmp_path)
    curves = [
        [point.bits_per_character for point in trainer.fit().curve] for trainer in (second, whole)
    ]
    assert curves[0] == curves[1]


def test_each_validation_tells_loss_perplexity_gradient_norm_speed_and_time() -> None:
    for point in new_trainer().fit().curve:
        assert point.perplexity > 1
        assert point.gradient_norm > 0
        assert point.tokens_per_s > 0
        assert point.elapsed_s > 0
        assert point.train_loss > 0


@pytest.mark.parametrize("max_updates", [12, 50])
def test_validations_can_be_spread_over_the_run_whatever_an_epoch_is(max_updates: int) -> None:
    config = changed(max_updates=max_updates, max_epochs=1e9, num_validations=4, patience=99)
    steps = [point.step for point in new_trainer(config).fit().curve]
    assert steps == [round(max_updates * share / 4 + 0.25) for share in (1, 2, 3, 4)]

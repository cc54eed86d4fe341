"""The two stages of a fine-tune, and how its best weights are chosen."""

import math
import time
from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor

from model.config import FinetuneConfig, TrainingConfig
from model.corpus.dataset import EncodedSong
from model.evaluation.perplexity import total_score
from model.network.lyric_model import LyricModel
from model.training.finetune_data import FinetuneData, at_most
from model.training.progress import FinetunePoint, FinetuneProgress, Stage, TrainingProgress
from model.training.trainer import Measure, Trainer, TrainingHooks, stream_of

_MAX_VALIDATION_TOKENS = 20_000
_ARTIST_SHARE = 0.25  # of the minutes
_PATIENCE = 4
_SCORED_TOGETHER = 8  # songs


def bits_per_character(model: LyricModel, songs: Sequence[EncodedSong]) -> float:
    """In small batches: the logits of large ones are most of the memory that a fine-tune takes."""
    return total_score(model, songs, _SCORED_TOGETHER).bits_per_character


class _BoundedTrainer(Trainer):
    """Chooses by the new songs, among the weights that do not lose too much on the others.

    The weights it starts with are the first to beat.
    """

    def __init__(
        self,
        model: LyricModel,
        train: list[EncodedSong],
        data: FinetuneData,
        max_others: float,
        config: TrainingConfig,
        hooks: TrainingHooks,
    ) -> None:
        stream = stream_of(train, model.config, config)
        held_out = at_most(data.new_held_out, _MAX_VALIDATION_TOKENS)
        super().__init__(model, stream, held_out, config, hooks)
        self._others = data.replay_held_out
        self._max_others = max_others
        self.state.best_bits_per_character = self.measure().bits_per_character

    def measure(self) -> Measure:
        self.others = bits_per_character(self.model, self._others)
        score = total_score(self.model, self.validation, _SCORED_TOGETHER)
        self.new_songs = score.bits_per_character
        chosen_by = self.new_songs if self.others <= self._max_others else math.inf
        return Measure(chosen_by, score.perplexity)


class FinetuneCourse:
    """The two stages, which change `model` in place and share one curve."""

    def __init__(
        self,
        model: LyricModel,
        data: FinetuneData,
        config: FinetuneConfig,
        on_progress: Callable[[FinetuneProgress], None],
    ) -> None:
        self.curve: list[FinetunePoint] = []
        self._model = model
        self._data = data
        self._config = config
        self._on_progress = on_progress
        self._started_at = time.monotonic()
        before = bits_per_character(model, data.replay_held_out)
        self._max_others = before + config.max_loss_on_others

    def learn_artist_rows(self) -> None:
        """Only rows of the artists at hand move: nobody else is read, and nothing decays."""
        if not self._model.config.artist_features:
            return
        for parameter in self._model.parameters():
            parameter.requires_grad_(parameter is self._model.artist_embedding.weight)
        training = TrainingConfig(
            **self._shared,
            **_falling_from(self._config.artist_learning_rate),
            max_epochs=self._config.artist_epochs,
            max_minutes=self._config.max_minutes * _ARTIST_SHARE,
        )
        self._fit_best("artists", self._data.new, training)
        self._model.requires_grad_(True)

    def learn_everything(self) -> None:
        """Every weight moves, by new songs and replay in one stream."""
        training = TrainingConfig(
            **self._shared,
            **_falling_from(self._config.learning_rate),
            max_epochs=self._config.epochs,
            max_minutes=self._config.max_minutes * (1 - _ARTIST_SHARE),
            validations_per_epoch=2,
        )
        self._fit_best("training", self._data.new + self._data.replay, training)

    @property
    def _shared(self) -> dict[str, Any]:
        """Decay would pull every weight away from where the live checkpoint has it."""
        config = self._config
        return {
            "batch_size": config.batch_size,
            "window": config.window,
            "seed": config.seed,
            "weight_decay": 0.0,
            "patience": _PATIENCE,
        }

    def _fit_best(self, stage: Stage, train: list[EncodedSong], training: TrainingConfig) -> None:
        """Train, then put the best weights back."""
        best = _copy_of(self._model)
        hooks = TrainingHooks(
            on_progress=lambda progress: self._report(stage, progress),
            on_validation=lambda point: self._draw(stage, trainer, point.train_loss),
            on_best=lambda model, _: best.update(_copy_of(model)),
        )
        trainer = _BoundedTrainer(self._model, train, self._data, self._max_others, training, hooks)
        self._draw(stage, trainer, None)
        self._on_progress(FinetuneProgress(stage, 0.0, None, trainer.new_songs))
        trainer.fit()
        self._model.load_state_dict(best)
        self._model.eval()

    def _report(self, stage: Stage, progress: TrainingProgress) -> None:
        bits = self.curve[-1].new_songs
        self._on_progress(FinetuneProgress(stage, progress.fraction, progress.loss, bits))

    def _draw(self, stage: Stage, trainer: _BoundedTrainer, train_loss: float | None) -> None:
        elapsed_s = time.monotonic() - self._started_at
        self.curve.append(
            FinetunePoint(stage, elapsed_s, train_loss, trainer.new_songs, trainer.others)
        )


def _falling_from(learning_rate: float) -> dict[str, Any]:
    return {"learning_rate": learning_rate, "final_learning_rate": learning_rate / 100}


def _copy_of(model: LyricModel) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in model.state_dict().items()}

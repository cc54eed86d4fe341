"""The stages of a fine-tune: artist rows, then everything, then a part of the way back."""

import math
from collections.abc import Callable
from typing import Any

from model.config import FinetuneConfig, TrainingConfig
from model.corpus.dataset import EncodedSong
from model.network.lyric_model import LyricModel
from model.training.finetune_choice import Candidate, Choice, copy_weights
from model.training.finetune_data import FinetuneData
from model.training.finetune_interpolation import pull_back
from model.training.progress import FinetuneProgress, RunState, Stage, TrainingProgress
from model.training.trainer import Measure, Trainer, TrainingHooks, stream_of

_ARTIST_SHARE = 0.25  # of the minutes, where both stages train
_PATIENCE = 4


class _ChoosingTrainer(Trainer):
    """Shows every validation to a `Choice`; what that keeps so far is the first to beat.

    Best is what reads the new songs best: of all weights where `is_free`, else of those allowed.
    """

    def __init__(
        self,
        model: LyricModel,
        train: list[EncodedSong],
        choice: Choice,
        is_free: bool,
        config: TrainingConfig,
        hooks: TrainingHooks,
    ) -> None:
        stream = stream_of(train, model.config, config)
        super().__init__(model, stream, choice.new_songs, config, hooks)
        self._choice = choice
        self._is_free = is_free
        self.state.best_bits_per_character = choice.kept.reading.new_songs

    def measure(self) -> Measure:
        reading = self._choice.look(self.model, self._loss)
        can_win = self._is_free or self._choice.is_allowed(reading)
        return Measure(reading.new_songs if can_win else math.inf, reading.perplexity)


class FinetuneCourse:
    """The stages, which change `model` in place; `choice` tells what came of them."""

    def __init__(
        self,
        model: LyricModel,
        data: FinetuneData,
        config: FinetuneConfig,
        on_progress: Callable[[FinetuneProgress], None],
    ) -> None:
        self._model = model
        self._data = data
        self._config = config
        self._on_progress = on_progress
        has_rows = bool(model.config.artist_features and config.artist_epochs)
        self._artist_share = (_ARTIST_SHARE if config.epochs else 1.0) if has_rows else 0.0
        self.choice = Choice(model, data, config.max_loss_on_others)

    def learn_artist_rows(self) -> None:
        """Only rows of the artists at hand move: nobody else is read, and nothing decays."""
        if not self._artist_share:
            return
        for parameter in self._model.parameters():
            parameter.requires_grad_(parameter is self._model.artist_embedding.weight)
        training = TrainingConfig(
            **self._shared,
            **_falling_from(self._config.artist_learning_rate),
            max_epochs=self._config.artist_epochs,
            max_minutes=self._config.max_minutes * self._artist_share,
        )
        self.choice.begin("artists", {song.artist for song in self._data.new})
        self._fit("artists", self._data.new, training, is_free=False)
        self._model.load_state_dict(self.choice.kept.weights)
        self._model.requires_grad_(True)

    def learn_everything(self) -> None:
        """Every weight moves, by new songs and replay in one stream; then some of the way back."""
        if not self._config.epochs:
            return
        training = TrainingConfig(
            **self._shared,
            **_falling_from(self._config.learning_rate),
            average_decay=self._config.average_decay,
            max_epochs=self._config.epochs,
            max_minutes=self._config.max_minutes * (1 - self._artist_share),
        )
        read = self._data.new + self._data.replay
        begun = self.choice.kept
        self.choice.begin("training")
        tuned = self._fit("training", read, training, is_free=self._config.interpolation)
        if self._config.interpolation and tuned is not begun:
            self.choice.begin("interpolation")
            pull_back(self._model, self.choice, begun, tuned, self._report_interpolation)
        self._model.load_state_dict(self.choice.kept.weights)

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

    def _fit(
        self, stage: Stage, train: list[EncodedSong], training: TrainingConfig, *, is_free: bool
    ) -> Candidate:
        """Train; what read the new songs best comes back, or what was kept where nothing did."""
        best = self.choice.kept

        def keep(model: LyricModel, _: RunState) -> None:
            nonlocal best
            best = Candidate(copy_weights(model), self.choice.latest)

        def hear(progress: TrainingProgress) -> None:
            self._report(stage, progress.fraction, progress.loss)

        self._report(stage, 0.0)
        hooks = TrainingHooks(on_progress=hear, on_best=keep)
        _ChoosingTrainer(self._model, train, self.choice, is_free, training, hooks).fit()
        self._model.eval()
        return best

    def _report_interpolation(self, fraction: float) -> None:
        self._report("interpolation", fraction)

    def _report(self, stage: Stage, fraction: float, loss: float | None = None) -> None:
        bits = self.choice.latest.new_songs
        self._on_progress(FinetuneProgress(stage, fraction, loss, bits))


def _falling_from(learning_rate: float) -> dict[str, Any]:
    return {"learning_rate": learning_rate, "final_learning_rate": learning_rate / 100}

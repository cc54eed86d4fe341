"""The stages of a fine-tune: artist rows, all layers, a part of the way back, and the votes."""

import copy
import math
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from model.config import FinetuneConfig, TrainingConfig
from model.corpus.dataset import EncodedSong
from model.corpus.stream import Window
from model.network.recurrent_model import RecurrentModel
from model.training.finetune_choice import (
    Candidate,
    Choice,
    copy_weights,
    score_together,
    total,
)
from model.training.finetune_data import FinetuneData
from model.training.finetune_hooks import FinetuneHooks
from model.training.finetune_interpolation import pull_back, step_back
from model.training.finetune_stage import Stages
from model.training.finetune_teacher import Teacher
from model.training.finetune_votes import JudgedVerses, VotesTrainer
from model.training.loss import Loss
from model.training.progress import RunState, Stage
from model.training.trainer import Measure, Trainer, TrainingHooks, state_before, stream_of

_ARTIST_SHARE = 0.25  # of the minutes, where both stages train
_PATIENCE = 4
_VOTES_SHARE = 0.25  # of the minutes, where there are judged verses beside songs
_SONGS_PART = 0.6  # of what the others may lose: the rest is for the votes
_NUM_LOOKS = 4  # at what becomes of the others while votes teach


class _ChoosingTrainer(Trainer[RecurrentModel[Any]]):
    """Shows every validation to a `Choice`; what that keeps so far is the first to beat.

    Best is what reads the new songs best: of all weights where `is_free`, else of those allowed.
    """

    def __init__(
        self,
        model: RecurrentModel[Any],
        train: list[EncodedSong],
        choice: Choice,
        config: TrainingConfig,
        hooks: TrainingHooks,
        *,
        teacher: Teacher | None,
        is_free: bool,
    ) -> None:
        stream = stream_of(train, model.config, config)
        super().__init__(model, stream, choice.new_songs, config, hooks)
        self._choice = choice
        self._teacher = teacher
        self._is_free = is_free
        self.state.best_bits_per_character = choice.kept.reading.new_songs

    def measure(self) -> Measure:
        reading = self._choice.look(self.model, self._loss)
        can_win = self._is_free or self._choice.is_allowed(reading)
        return Measure(reading.new_songs if can_win else math.inf, reading.perplexity)

    def _loss_on(self, window: Window) -> Loss:
        if self._teacher is None:
            return super()._loss_on(window)
        before = state_before(self.model, window, self.carried)
        logits, carried = self.model(window.tokens, window.artists, before)
        self.carried = carried.detach()
        return self._teacher.loss(logits, window)


class FinetuneCourse:
    """The stages, which change `model` in place; `choice` tells what came of them."""

    def __init__(
        self,
        model: RecurrentModel[Any],
        data: FinetuneData,
        config: FinetuneConfig,
        hooks: FinetuneHooks,
        verses: JudgedVerses | None = None,
    ) -> None:
        self._model = model
        self._verses = verses
        self._live = copy.deepcopy(model).eval()
        self.data = data
        self._config = config
        has_rows = bool(model.config.artist_features and config.artist_epochs)
        self._artist_share = (_ARTIST_SHARE if config.epochs else 1.0) if has_rows else 0.0
        shares = bool(verses and data.new)
        self._minutes = config.max_minutes * (1 - _VOTES_SHARE if shares else 1.0)
        self.choice = Choice(
            model, data, config.max_loss_on_others * (_SONGS_PART if shares else 1.0)
        )
        self._live_reading = self.choice.latest
        self._stages = Stages(self.choice, hooks)

    def learn_artist_rows(self) -> None:
        """Only rows of the artists at hand move: nobody else is read, and nothing decays."""
        if not self._artist_share or not self.data.new or self._stages.is_past("artists"):
            return
        self._let_move(lambda name: name == "artist_embedding.weight")
        training = TrainingConfig(
            **self._shared,
            **_falling_from(self._config.artist_learning_rate),
            max_epochs=self._config.artist_epochs,
            max_minutes=self._minutes * self._artist_share,
        )
        begun = self._stages.begin("artists", self._learned)
        self._fit("artists", begun, self.data.new, training)
        self._end_stage()

    def learn_songs(self) -> None:
        """The layers move, by new songs and replay in one stream; then some of the way back."""
        if not self._config.epochs or not self.data.new or self._stages.is_past("training"):
            return
        frozen = _vocabulary_of(self._model) if self._config.freeze_vocabulary else ()
        self._let_move(lambda name: name not in frozen)
        training = TrainingConfig(
            **self._shared,
            **_falling_from(self._config.learning_rate),
            average_decay=self._config.average_decay,
            max_epochs=self._config.epochs,
            max_minutes=self._minutes * (1 - self._artist_share),
        )
        read = self.data.new + self.data.replay
        begun = self._stages.begin("training")
        teacher = Teacher(self._live, self._learned) if self._config.distillation else None
        is_free = self._config.interpolation
        tuned = self._fit("training", begun, read, training, teacher=teacher, is_free=is_free)
        if self._config.interpolation and tuned.reading != begun.reading:
            self.choice.begin("interpolation")
            pull_back(self._model, self.choice, begun, tuned, self._report_interpolation)
        self._end_stage()

    def learn_votes(self) -> None:
        """The layers lean towards liked verses, and then back as far as the others need it."""
        if self._verses is None:
            return
        config, choice = self._config, self.choice
        frozen = _vocabulary_of(self._model)
        self._let_move(lambda name: name not in frozen)
        updates = self._verses.num_updates
        training = TrainingConfig(
            **{**self._shared, "patience": updates},
            **_falling_from(config.votes_learning_rate),
            max_epochs=updates,
            max_updates=updates,
            max_minutes=config.max_minutes * (_VOTES_SHARE if self.data.new else 1.0),
            num_validations=_NUM_LOOKS,
        )
        choice.max_loss_on_others = config.max_loss_on_others
        begun = self._stages.begin("votes")
        gained = self._live_reading.new_songs - begun.reading.new_songs
        read = self.data.new + self.data.replay
        teacher = Teacher(self._live, self._learned)
        hooks = self._stages.hooks("votes", begun, teacher)
        trainer = VotesTrainer(self._model, read, self._verses, choice, teacher, training, hooks)
        self._stages.take_up("votes", trainer, teacher)
        self._verses.pass_over(trainer.state.step)
        trainer.fit()
        tuned = Candidate(copy_weights(self._model), choice.latest)
        allowed = min(config.max_loss_on_others, gained / 2)
        lost_by_kin = self._loss_of(self._verses.kin)
        choice.kept = step_back(self._model, choice, begun, tuned, allowed, lost_by_kin)
        self._end_stage()

    def _loss_of(self, artists: Collection[int]) -> Callable[[RecurrentModel[Any]], float]:
        """Bits per character that a model loses on what is held out of some of the others.

        Together with all others, a language that few write in would hardly show.
        """
        songs = [song for song in self.data.replay_held_out if song.artist in artists]

        def bits(model: RecurrentModel[Any]) -> float:
            return total(score_together(model, songs)).bits_per_character

        live = bits(self._live)
        return lambda model: bits(model) - live

    @property
    def _learned(self) -> set[int]:
        return {song.artist for song in self.data.new}

    def _let_move(self, moves: Callable[[str], bool]) -> None:
        for name, parameter in self._model.named_parameters():
            parameter.requires_grad_(moves(name))

    def _end_stage(self) -> None:
        """What is kept is in the model, ready for use."""
        self._model.load_state_dict(self.choice.kept.weights)
        self._model.requires_grad_(True).eval()

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
        self,
        stage: Stage,
        begun: Candidate,
        train: list[EncodedSong],
        training: TrainingConfig,
        *,
        teacher: Teacher | None = None,
        is_free: bool = False,
    ) -> Candidate:
        """Train; what read the new songs best comes back, or what was kept where nothing did."""
        standing = self._stages.standing_in(stage)
        best = standing.best if standing else begun

        def keep(model: RecurrentModel[Any], _: RunState) -> None:
            nonlocal best
            best = Candidate(copy_weights(model), self.choice.latest)

        hooks = self._stages.hooks(stage, begun, teacher, lambda: best)
        trainer = _ChoosingTrainer(
            self._model,
            train,
            self.choice,
            training,
            replace(hooks, on_best=keep),
            teacher=teacher,
            is_free=is_free,
        )
        self._stages.take_up(stage, trainer, teacher)
        trainer.fit()
        return best

    def _report_interpolation(self, fraction: float) -> None:
        self._stages.report("interpolation", fraction)


def _vocabulary_of(model: RecurrentModel[Any]) -> tuple[str, ...]:
    """What has a row for each token: new songs say too little of most of them."""
    readout = () if model.config.tied_output else ("projection.weight",)
    return ("token_embedding.weight", "output_bias", *readout)


def _falling_from(learning_rate: float) -> dict[str, Any]:
    return {"learning_rate": learning_rate, "final_learning_rate": learning_rate / 100}

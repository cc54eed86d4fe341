"""The stage of a fine-tune in which votes teach: judged verses among old and new songs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from model.checkpoint import Checkpoint
from model.config import FinetuneConfig, TrainingConfig
from model.corpus.dataset import EncodedSong
from model.corpus.stream import Window
from model.network.recurrent_model import RecurrentModel
from model.training.finetune_choice import Choice
from model.training.finetune_teacher import Teacher
from model.training.loss import Loss
from model.training.preferences import (
    EncodedVerse,
    balanced_weights,
    frozen_log_probabilities,
    kto_loss,
    log_probabilities,
    margin,
)
from model.training.trainer import Measure, Trainer, TrainingHooks, state_before, stream_of

_ONE_HELD_OUT_OF = 5
_STEEPEST = 0.25  # the slope of a sigmoid where it is steepest


@dataclass(frozen=True, slots=True)
class VotesLearned:
    """How far liked verses have gained on disliked ones, in nats a verse: those that were learned,
    and those that were held out, with the standard error of that.
    """

    num_verses: int
    num_held_out: int
    margin: float
    held_out_margin: float
    held_out_error: float


class JudgedVerses:
    """Judged verses and what the live model gives them; an update's worth is asked for at a time.

    Every fifth is held out, in an order of the seed.
    """

    def __init__(
        self, live: Checkpoint, verses: Sequence[EncodedVerse], config: FinetuneConfig
    ) -> None:
        self.config = config
        judged = {live.languages[verse.artist] for verse in verses}
        self.kin = {row for row, language in enumerate(live.languages) if language in judged}
        """The artists who write in the languages of the verses: what votes change changes them."""
        self._generator = torch.Generator().manual_seed(config.seed)
        order = self._shuffled(list(range(len(verses))))
        self._held_out = order[_ONE_HELD_OUT_OF - 1 :: _ONE_HELD_OUT_OF]
        self._learned = [index for index in order if index not in set(self._held_out)]
        self._verses = verses
        self._reference = frozen_log_probabilities(live.model, verses)
        weights = torch.tensor([verse.weight for verse in verses], device=self._reference.device)
        self._weights = weights
        self._balanced = torch.zeros_like(weights)
        self._balanced[self._learned] = balanced_weights(weights[self._learned])
        self._mean_length = sum(verse.num_chosen for verse in verses) / len(verses)
        self._waiting: list[int] = []

    @property
    def num_updates(self) -> int:
        """How many updates it takes to read them as often as they shall be."""
        return math.ceil(self.config.votes_epochs * len(self._learned) / self._num_at_once)

    @property
    def _num_at_once(self) -> int:
        """As many as make up their share of what an update reads; two at least, to compare."""
        share = self.config.votes_share / (1 - self.config.votes_share)
        num_tokens = share * self.config.batch_size * self.config.window
        return min(len(self._learned), max(2, round(num_tokens / self._mean_length)))

    def loss(self, model: RecurrentModel[Any]) -> Tensor:
        """Of the next verses, as a mean over their tokens, so that it adds to that of songs.

        Divided by what beta makes of the slope: a verse that has not moved yet pulls as hard as in
        plain likelihood, whatever beta is.
        """
        rows = self._next_rows()
        beta = self.config.votes_beta
        loss = kto_loss(self._log_ratios(model, rows), self._balanced[rows], beta)
        return loss / (beta * _STEEPEST * self._mean_length)

    def pass_over(self, num_updates: int) -> None:
        """What so many updates of an earlier life have read."""
        for _ in range(num_updates):
            self._next_rows()

    def _next_rows(self) -> list[int]:
        num = self._num_at_once
        while len(self._waiting) < num:
            self._waiting += self._shuffled(self._learned)
        rows, self._waiting = self._waiting[:num], self._waiting[num:]
        return rows

    @torch.no_grad()
    def outcome(self, model: RecurrentModel[Any]) -> VotesLearned:
        """What `model` has made of them."""
        learned, held_out = (
            margin(self._log_ratios(model, rows, is_frozen=True), self._weights[rows])
            for rows in (self._learned, self._held_out)
        )
        counts = len(self._verses), len(self._held_out)
        return VotesLearned(*counts, learned.nats, held_out.nats, held_out.standard_error)

    def _log_ratios(
        self, model: RecurrentModel[Any], rows: Sequence[int], *, is_frozen: bool = False
    ) -> Tensor:
        read = frozen_log_probabilities if is_frozen else log_probabilities
        return read(model, [self._verses[row] for row in rows]) - self._reference[list(rows)]

    def _shuffled(self, rows: Sequence[int]) -> list[int]:
        order = torch.randperm(len(rows), generator=self._generator).tolist()
        return [rows[index] for index in order]


class VotesTrainer(Trainer[RecurrentModel[Any]]):
    """Each update reads a window of songs, old and new, and judged verses beside it.

    Its length is set beforehand: held-out verses are too few to choose weights by.
    """

    def __init__(
        self,
        model: RecurrentModel[Any],
        songs: list[EncodedSong],
        verses: JudgedVerses,
        choice: Choice,
        teacher: Teacher,
        config: TrainingConfig,
        hooks: TrainingHooks,
    ) -> None:
        super().__init__(model, stream_of(songs, model.config, config), [], config, hooks)
        self._verses = verses
        self._choice = choice
        self._teacher = teacher

    def measure(self) -> Measure:
        reading = self._choice.glance(self.model, self._loss)
        return Measure(reading.new_songs, reading.perplexity)

    def _loss_on(self, window: Window) -> Loss:
        before = state_before(self.model, window, self.carried)
        logits, carried = self.model(window.tokens, window.artists, before)
        self.carried = carried.detach()
        songs = self._teacher.loss(logits, window)
        votes = self._verses.loss(self.model)
        return Loss(songs.total.lerp(votes, self._verses.config.votes_share), songs.cross_entropy)

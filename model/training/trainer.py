"""The one trainer: truncated backpropagation with carried state, validation-chosen, resumable."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

import torch
from torch import Tensor, nn

from model.config import NetworkConfig, TrainingConfig
from model.corpus.dataset import EncodedSong
from model.corpus.stream import SongStream, Window
from model.errors import TrainingError
from model.evaluation.perplexity import total_score
from model.network.recurrent_model import RecurrentModel
from model.network.state import RecurrentState
from model.training.averaging import WeightAverage
from model.training.clock import Clock
from model.training.loss import Loss, window_loss
from model.training.progress import CurvePoint, RunState, TrainingProgress
from model.training.schedule import learning_rate_at

Model = TypeVar("Model", bound=RecurrentModel[Any])

_REPORT_EVERY = 10
_SMOOTHING = 0.98
_EXPLODED = 4.0  # times the loss of knowing nothing


@dataclass(frozen=True, slots=True)
class TrainingHooks:
    """What happens beside the mathematics; each may raise to stop the run.

    `clock` gives the seconds that `max_minutes` bounds; it is held while a validation and what the
    hooks do about it last.
    """

    on_progress: Callable[[TrainingProgress], None] = lambda progress: None
    on_validation: Callable[[CurvePoint], None] = lambda point: None
    on_best: Callable[[Any, RunState], None] = lambda model, state: None
    on_saving_point: Callable[["Trainer[Any]"], None] = lambda trainer: None
    clock: Clock = field(default_factory=Clock)


class Measure(NamedTuple):
    """Of the validation songs; the first chooses the best weights, the less the better."""

    bits_per_character: float
    perplexity: float


def stream_of(
    songs: Sequence[EncodedSong], network: NetworkConfig, training: TrainingConfig
) -> SongStream:
    """The songs as this network must read them; CorpusError when they are too few."""
    return SongStream(
        songs,
        training.batch_size,
        training.window,
        training.seed,
        align_songs=network.begins_afresh,
    )


def state_before(
    model: RecurrentModel[Any], window: Window, carried: RecurrentState | None
) -> RecurrentState:
    """What the last window left, but the start of a song where a row begins one."""
    fresh = model.initial_state(model.artist_vectors(window.artists[:, 0]))
    return fresh if carried is None else carried.where(window.continues, fresh)


class Trainer(Generic[Model]):
    """Trains `model` in place; the best weights by validation go to `hooks.on_best`."""

    def __init__(
        self,
        model: Model,
        stream: SongStream,
        validation: Sequence[EncodedSong],
        config: TrainingConfig,
        hooks: TrainingHooks | None = None,
        state: RunState | None = None,
    ) -> None:
        self.model = model
        self.stream = stream
        self.validation = validation
        self.config = config
        self.hooks = hooks or TrainingHooks()
        self.parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
        self.optimizer = torch.optim.AdamW(
            self.parameters,
            lr=config.learning_rate,
            weight_decay=config.weight_decay,
            betas=(0.9, 0.99),
            fused=True,
        )
        self.average = (
            WeightAverage(self.parameters, config.average_decay) if config.average_decay else None
        )
        self.carried: RecurrentState | None = None  # from the end of the last window
        self._loss = float("nan")
        self._gradient_norm = float("nan")
        self._largest_loss = _EXPLODED * model.nats_knowing_nothing
        self._tokens_since = 0
        self.stand_at(state or RunState())

    def stand_at(self, state: RunState) -> None:
        """As if it had come to there by itself; the tensors are another matter."""
        self.state = state
        self._resumed_at = self.hooks.clock()
        self._elapsed_before = state.elapsed_s
        self._fraction_before = self.fraction
        self._validated_at = self.fraction

    @property
    def fraction(self) -> float:
        """Share of the run that is done: by epochs, minutes or updates, whichever is furthest."""
        epochs = self.state.epoch + self.state.next_window / self.stream.num_windows
        shares = [epochs / self.config.max_epochs]
        if self.config.max_minutes:
            shares.append(self.state.elapsed_s / (60 * self.config.max_minutes))
        if self.config.max_updates:
            shares.append(self.state.step / self.config.max_updates)
        return min(1.0, max(shares))

    @property
    def is_done(self) -> bool:
        """Whether the epochs, the minutes or the patience are used up."""
        return self.fraction >= 1 or self.state.validations_since_best >= self.config.patience

    def measure(self) -> Measure:
        """What the weights are worth on validation."""
        score = total_score(self.model, self.validation)
        return Measure(score.bits_per_character, score.perplexity)

    def fit(self) -> RunState:
        """Train to the end or to `patience`; TrainingError when the loss explodes."""
        self.model.train()
        for window in self._windows():
            self._count(window, self._update(window))
            if self._is_validation_due():
                self._validate()
        if not self.state.curve or self.state.curve[-1].step != self.state.step:
            self._validate()
        return self.state

    def _windows(self) -> Iterator[Window]:
        while not self.is_done:
            for window in self.stream.epoch(self.state.epoch, self.state.next_window):
                yield window
                if self.is_done:
                    return
            self.state.epoch += 1
            self.state.next_window = 0

    def _update(self, window: Window) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate_at(self.fraction, self.config)
        # Dropout of each step follows from its number, so that a resumed run repeats it.
        torch.manual_seed(self.config.seed * 1_000_003 + self.state.step)
        window = window.to(self.model.output_bias.device)
        loss = self._loss_on(window)
        self.optimizer.zero_grad(set_to_none=True)
        loss.total.backward()  # type: ignore[no-untyped-call]
        norm: Tensor = nn.utils.clip_grad_norm_(
            self.parameters, self.config.max_gradient_norm, foreach=True
        )
        cross_entropy = loss.cross_entropy.item()
        self._gradient_norm = _smoothed(self._gradient_norm, norm.item())
        if not math.isfinite(self._gradient_norm) or not cross_entropy < self._largest_loss:
            raise TrainingError(
                f"The loss exploded at step {self.state.step} ({cross_entropy:.3g} nats per "
                "token); the best weights so far are kept. Try a lower learning_rate."
            )
        self.optimizer.step()
        if self.average is not None:
            self.average.update()
        return cross_entropy

    def _loss_on(self, window: Window) -> Loss:
        """What is made small; carries the state to the next window."""
        before = state_before(self.model, window, self.carried)
        loss, carried = window_loss(self.model, window, before, self.config)
        self.carried = carried.detach()
        return loss

    def _count(self, window: Window, loss: float) -> None:
        state = self.state
        state.step += 1
        state.next_window += 1
        state.elapsed_s = self._elapsed_before + self.hooks.clock() - self._resumed_at
        self._tokens_since += window.artists.numel()
        self._loss = _smoothed(self._loss, loss)
        if state.step % _REPORT_EVERY == 0:
            self.hooks.on_progress(self._progress())

    def _progress(self) -> TrainingProgress:
        state, fraction = self.state, self.fraction
        spent = state.elapsed_s - self._elapsed_before
        done = max(fraction - self._fraction_before, 1e-9)
        return TrainingProgress(
            step=state.step,
            epoch=state.epoch + state.next_window / self.stream.num_windows,
            fraction=fraction,
            loss=self._loss,
            tokens_per_s=self._tokens_per_s,
            remaining_s=spent * (1 - fraction) / done,
            best_bits_per_character=state.best_bits_per_character,
        )

    @property
    def _tokens_per_s(self) -> float:
        spent = self.state.elapsed_s - self._elapsed_before
        return self._tokens_since / max(spent, 1e-9)

    def _is_validation_due(self) -> bool:
        if num_validations := self.config.num_validations:
            done = int(self._validated_at * num_validations)
            return int(self.fraction * num_validations) > done
        interval = max(1, self.stream.num_windows // self.config.validations_per_epoch)
        return self.state.step % interval == 0

    def _validate(self) -> None:
        with self.hooks.clock.held():
            self._measure_and_keep()

    def _measure_and_keep(self) -> None:
        state = self.state
        self._validated_at = self.fraction
        with self._averaged():
            measure = self.measure()
            point = self._point(measure)
            state.curve.append(point)
            state.validations_since_best += 1
            bits = measure.bits_per_character
            if state.best_bits_per_character is None or bits < state.best_bits_per_character:
                state.best_bits_per_character = bits
                state.validations_since_best = 0
                self.hooks.on_best(self.model, state)
        self.hooks.on_validation(point)
        self.hooks.on_saving_point(self)

    def _point(self, measure: Measure) -> CurvePoint:
        state = self.state
        return CurvePoint(
            epoch=state.epoch + state.next_window / self.stream.num_windows,
            step=state.step,
            elapsed_s=state.elapsed_s,
            learning_rate=learning_rate_at(self.fraction, self.config),
            train_loss=self._loss,
            bits_per_character=measure.bits_per_character,
            perplexity=measure.perplexity,
            gradient_norm=self._gradient_norm,
            tokens_per_s=self._tokens_per_s,
        )

    def _averaged(self) -> AbstractContextManager[None]:
        return nullcontext() if self.average is None else self.average.applied()


def _smoothed(average: float, value: float) -> float:
    return value if math.isnan(average) else _SMOOTHING * average + (1 - _SMOOTHING) * value

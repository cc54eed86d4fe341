"""Dynamic evaluation: weights that learn from what they have scored (Krause et al. 2018, 2019)."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor

from model.corpus.dataset import EncodedSong
from model.errors import ConfigError, TrainingError
from model.evaluation.perplexity import Score, window_nats
from model.network.recurrent_model import RecurrentModel

# Chosen on the validation songs of the starter corpus.
NORMALISED_LEARNING_RATE = 5e-4
PLAIN_LEARNING_RATE = 0.1
DECAY = 0.02
SEGMENT = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamicConfig:
    """How the weights follow the text.

    After each `segment` of tokens they take a step of `learning_rate` along its gradient, and go
    the share `decay` of their way back to where training left them.
    """

    learning_rate: float
    decay: float = DECAY
    segment: int = SEGMENT

    def __post_init__(self) -> None:
        if not 0 <= self.learning_rate < math.inf:
            raise ConfigError(f"learning_rate must be at least 0, not {self.learning_rate}.")
        if not 0 <= self.decay <= 1:
            raise ConfigError(f"decay must lie in [0, 1], not {self.decay}.")
        if self.segment < 1:
            raise ConfigError(f"segment must be at least 1, not {self.segment}.")


class DynamicScorer:
    """Scores songs by a copy of `model` which learns each segment once it is scored.

    With `magnitudes` a weight's step is relative to the gradients that it is used to; without, it
    is plain gradient descent, which wants another learning rate. `model` is never touched.
    """

    def __init__(
        self,
        model: RecurrentModel[Any],
        config: DynamicConfig,
        magnitudes: Sequence[Tensor] | None = None,
    ) -> None:
        self._config = config
        self._model = _without_dropout(model)
        self._parameters = _learning(self._model)
        self._trained = [parameter.detach().clone() for parameter in self._parameters]
        self._rates: list[Tensor] | None = None
        if magnitudes is not None:
            # A weight that is hardly ever moved, such as a rare token's, must not leap.
            self._rates = [config.learning_rate / (each + each.mean()) for each in magnitudes]

    def reset(self) -> None:
        """Forget the text: back to the weights as they were trained."""
        with torch.no_grad():
            torch._foreach_copy_(self._parameters, self._trained)

    def score(self, songs: Sequence[EncodedSong]) -> list[Score]:
        """Score songs side by side, each from an empty state, by weights that they share.

        What was learnt stays for the next call. Raises TrainingError when the weights diverge.
        """
        order = sorted(range(len(songs)), key=lambda index: -len(songs[index].tokens))
        nats = torch.zeros(len(songs), dtype=torch.float64)
        for segment in self.segments([songs[index] for index in order]):
            nats[: segment.size(0)] += segment.double().sum(1).cpu()
        if not nats.isfinite().all():
            raise TrainingError(
                "Dynamic evaluation diverged: its learning rate of "
                f"{self._config.learning_rate:g} is too high; try a lower one."
            )
        totals = dict(zip(order, nats.tolist(), strict=True))
        return [
            Score(totals[index], song.num_characters, len(song.tokens) - 1, song.spelling_nats)
            for index, song in enumerate(songs)
        ]

    def segments(self, songs: Sequence[EncodedSong]) -> Iterator[Tensor]:
        """Nats (rows, time) of one segment after another, each learnt when the next is asked for.

        `songs` are read side by side, longest first: see `window_nats`.
        """
        for nats in window_nats(self._model, songs, self._config.segment):
            yield nats.detach()
            self._learn(_gradients(self._parameters, nats, len(songs) * self._config.segment))

    @torch.no_grad()
    def _learn(self, gradients: list[Tensor]) -> None:
        if self._rates is None:
            alpha = -self._config.learning_rate
            torch._foreach_add_(self._parameters, gradients, alpha=alpha)
        else:
            torch._foreach_addcmul_(self._parameters, gradients, self._rates, value=-1.0)
        torch._foreach_lerp_(self._parameters, self._trained, self._config.decay)


def score_by_artist(
    model: RecurrentModel[Any],
    songs: Sequence[EncodedSong],
    config: DynamicConfig,
    magnitudes: Sequence[Tensor] | None = None,
    on_song: Callable[[int], None] = lambda num_done: None,
) -> list[Score]:
    """Score each artist's songs one after another in their order, beginning as trained.

    So a score tells what it helps to have just read what else the same artist wrote; `on_song`
    hears how many are done.
    """
    scorer = DynamicScorer(model, config, magnitudes)
    by_artist: dict[int, list[int]] = {}
    for index, song in enumerate(songs):
        by_artist.setdefault(song.artist, []).append(index)
    scores: dict[int, Score] = {}
    for indices in by_artist.values():
        scorer.reset()
        for index in indices:
            (scores[index],) = scorer.score([songs[index]])
            on_song(len(scores))
    return [scores[index] for index in range(len(songs))]


def gradient_magnitudes(
    model: RecurrentModel[Any], batches: Iterable[Sequence[EncodedSong]], segment: int
) -> list[Tensor]:
    """The root mean square of each weight's gradient over the segments of some training text.

    The songs of a batch are read side by side, as many as will be scored side by side.
    """
    model = _without_dropout(model)
    parameters = _learning(model)
    squares = [torch.zeros_like(parameter) for parameter in parameters]
    num_segments = 0
    for songs in batches:
        longest_first = sorted(songs, key=lambda song: -len(song.tokens))
        for nats in window_nats(model, longest_first, segment):
            gradients = _gradients(parameters, nats, len(songs) * segment)
            torch._foreach_addcmul_(squares, gradients, gradients)
            num_segments += 1
    return [(each / max(1, num_segments)).sqrt() for each in squares]


def _gradients(parameters: Sequence[Tensor], nats: Tensor, num_positions: int) -> list[Tensor]:
    """Of the mean over a full segment, so that a shorter one weighs less."""
    loss = nats.sum() / num_positions
    return list(
        torch.autograd.grad(loss, list(parameters), allow_unused=True, materialize_grads=True)
    )


def _without_dropout(model: RecurrentModel[Any]) -> RecurrentModel[Any]:
    """A copy in training mode, without which cuDNN's recurrent layers give no gradients."""
    rates = [name for name in asdict(model.config) if name.endswith("dropout")]
    return model.with_dropout(dict.fromkeys(rates, 0.0)).train()


def _learning(model: RecurrentModel[Any]) -> list[Tensor]:
    """Every weight; an artist who is not told has a row of no width."""
    return [parameter for parameter in model.parameters() if parameter.numel()]

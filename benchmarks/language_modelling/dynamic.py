"""Dynamic evaluation on a published text, its settings chosen where one may choose."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from benchmarks.language_modelling.datasets import CharacterText, pieces
from model.corpus.dataset import EncodedSong
from model.errors import TrainingError
from model.evaluation.dynamic import SEGMENT, DynamicConfig, DynamicScorer, gradient_magnitudes
from model.evaluation.perplexity import NO_SCORE, Score
from model.network.lyric_model import LyricModel

NUM_ROWS = 8

# One long text wants to be forgotten more slowly than the few songs of an artist.
CHOICES = [
    DynamicConfig(learning_rate=rate, decay=decay)
    for rate, decay in itertools.product((5e-4, 1e-3, 2e-3), (1e-3, 5e-3))
]
_DEFAULT = DynamicConfig(learning_rate=1e-3, decay=1e-3)
_REFERENCE_SEGMENTS = 300  # of training text: enough to know how large gradients are
_CHOICE_SYMBOLS = 100_000  # of validation text


@dataclass(frozen=True, slots=True)
class DynamicResult:
    """The score of the last part that the text has, and what it was reached with."""

    score: Score
    config: DynamicConfig


def score_dynamically(model: LyricModel, text: CharacterText, rate: float | None) -> DynamicResult:
    """Of the test part, or of validation where there is none.

    `NUM_ROWS` contiguous pieces are read side by side, and one set of weights learns from all of
    them. Without a `rate` one of `CHOICES` is taken by validation text, unless that is what is
    reported: nothing is chosen by the text that a figure is of.
    """
    start = text.train[: NUM_ROWS * SEGMENT * _REFERENCE_SEGMENTS]
    magnitudes = gradient_magnitudes(model, [pieces(start, NUM_ROWS)], SEGMENT)
    has_test = bool(text.test.numel())
    if rate is not None:
        config = DynamicConfig(learning_rate=rate, decay=_DEFAULT.decay)
    elif has_test:
        config = _choose(model, text.validation[:_CHOICE_SYMBOLS], magnitudes)
    else:
        config = _DEFAULT
    songs = pieces(text.test if has_test else text.validation, NUM_ROWS)
    return DynamicResult(_score(model, songs, config, magnitudes), config)


def _choose(model: LyricModel, symbols: Tensor, magnitudes: Sequence[Tensor]) -> DynamicConfig:
    songs = pieces(symbols, NUM_ROWS)

    def nats(config: DynamicConfig) -> float:
        try:
            return _score(model, songs, config, magnitudes).nats
        except TrainingError:
            return math.inf

    return min(CHOICES, key=nats)


def _score(
    model: LyricModel,
    songs: Sequence[EncodedSong],
    config: DynamicConfig,
    magnitudes: Sequence[Tensor],
) -> Score:
    return sum(DynamicScorer(model, config, magnitudes).score(songs), NO_SCORE)

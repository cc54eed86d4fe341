"""Dynamic evaluation on a published text, its learning rate chosen where one may choose."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from benchmarks.language_modelling.datasets import CharacterText, pieces
from model.corpus.dataset import EncodedSong
from model.errors import TrainingError
from model.evaluation.dynamic import (
    NORMALISED_LEARNING_RATE,
    DynamicConfig,
    DynamicScorer,
    gradient_magnitudes,
)
from model.evaluation.perplexity import NO_SCORE, Score
from model.network.lyric_model import LyricModel

NUM_ROWS = 8
LEARNING_RATES = (3e-4, 7e-4, 1.5e-3, 3e-3)
_SEGMENTS = 300  # of training text, for the size of gradients
_CHOICE_SYMBOLS = 100_000  # of validation text, for the learning rate


@dataclass(frozen=True, slots=True)
class DynamicResult:
    """The score of the last part that the text has, and what it was reached with."""

    score: Score
    config: DynamicConfig


def score_dynamically(model: LyricModel, text: CharacterText, rate: float | None) -> DynamicResult:
    """Of the test part, or of validation where there is none.

    `NUM_ROWS` contiguous pieces are read side by side and one set of weights learns from all of
    them: twice as many updates for half as many rows, at about twice the time. A learning rate of
    None is chosen on validation text, and without a test part is the default: nothing is chosen by
    the text that is reported.
    """
    default = DynamicConfig(learning_rate=NORMALISED_LEARNING_RATE)
    start = text.train[: NUM_ROWS * default.segment * _SEGMENTS]
    magnitudes = gradient_magnitudes(model, [pieces(start, NUM_ROWS)], default.segment)
    held_out = text.test if text.test.numel() else text.validation
    if rate is None and text.test.numel():
        rate = _choose_rate(model, text.validation[:_CHOICE_SYMBOLS], magnitudes)
    config = DynamicConfig(learning_rate=default.learning_rate if rate is None else rate)
    return DynamicResult(_score(model, pieces(held_out, NUM_ROWS), config, magnitudes), config)


def _choose_rate(model: LyricModel, symbols: Tensor, magnitudes: Sequence[Tensor]) -> float:
    songs = pieces(symbols, NUM_ROWS)

    def nats(rate: float) -> float:
        try:
            return _score(model, songs, DynamicConfig(learning_rate=rate), magnitudes).nats
        except TrainingError:
            return torch.inf

    return min(LEARNING_RATES, key=nats)


def _score(
    model: LyricModel,
    songs: Sequence[EncodedSong],
    config: DynamicConfig,
    magnitudes: Sequence[Tensor],
) -> Score:
    return sum(DynamicScorer(model, config, magnitudes).score(songs), NO_SCORE)

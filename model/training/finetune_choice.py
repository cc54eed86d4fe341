"""Which weights a fine-tune keeps: the best on new songs among those that forget little."""

import time
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from torch import Tensor

from model.corpus.dataset import EncodedSong
from model.evaluation.perplexity import NO_SCORE, Score, score_songs
from model.network.recurrent_model import RecurrentModel
from model.training.finetune_data import FinetuneData, at_most
from model.training.progress import FinetunePoint, Stage

Weights = dict[str, Tensor]

_MAX_NEW_TOKENS = 20_000
_SCORED_TOGETHER = 8  # songs: the logits of more are most of the memory that a fine-tune takes


class Reading(NamedTuple):
    """Bits per character on what is held out; `perplexity` is of the new songs."""

    new_songs: float
    others: float
    perplexity: float


class Candidate(NamedTuple):
    """Weights, and what they are worth."""

    weights: Weights
    reading: Reading


class Choice:
    """Looks at weights, draws the curve of what it sees, and keeps the best of those allowed.

    The weights it is built with are the live ones: the first to beat, and those that tell what the
    others may lose.
    """

    def __init__(
        self, live: RecurrentModel[Any], data: FinetuneData, max_loss_on_others: float
    ) -> None:
        """`max_loss_on_others` may change from stage to stage."""
        self.curve: list[FinetunePoint] = []
        self.new_songs = at_most(data.new_held_out, _MAX_NEW_TOKENS)
        self._others = data.replay_held_out
        self._other_scores = [NO_SCORE] * len(self._others)
        self._stage: Stage = "artists"
        self._moved_rows: Collection[int] | None = None
        self._started_at = time.monotonic()
        self.latest = self._read(live)
        self.kept = Candidate(copy_weights(live), self.latest)
        self._live_others = self.latest.others
        self.max_loss_on_others = max_loss_on_others

    def begin(self, stage: Stage, moved_rows: Collection[int] | None = None) -> None:
        """A stage starts from the weights that are kept.

        Where it moves nothing but the rows of some artists, nobody else's text is read again.
        """
        self._stage, self._moved_rows = stage, moved_rows
        self._draw(None, self.kept.reading)

    def go_on(
        self,
        kept: Candidate,
        latest: Reading,
        curve: Sequence[FinetunePoint],
        stage: Stage,
        moved_rows: Collection[int] | None = None,
    ) -> None:
        """In the middle of a stage that was begun in an earlier life."""
        self._stage, self._moved_rows = stage, moved_rows
        self.kept, self.latest, self.curve = kept, latest, list(curve)
        self._started_at = time.monotonic() - self.curve[-1].elapsed_s

    def look(self, model: RecurrentModel[Any], train_loss: float | None = None) -> Reading:
        """Measure `model`, and keep its weights if they are the best allowed."""
        reading = self.glance(model, train_loss)
        if self.is_allowed(reading) and reading.new_songs < self.kept.reading.new_songs:
            self.kept = Candidate(copy_weights(model), reading)
        return reading

    def glance(self, model: RecurrentModel[Any], train_loss: float | None = None) -> Reading:
        """Measure `model`, and draw what comes of it."""
        self.latest = reading = self._read(model)
        self._draw(train_loss, reading)
        return reading

    def is_allowed(self, reading: Reading) -> bool:
        """Whether the others lose no more than they may."""
        return reading.others <= self._live_others + self.max_loss_on_others

    def allowed_part(self, reading: Reading) -> float:
        """How much of what the others lose they may lose, up to 1."""
        lost = reading.others - self._live_others
        return min(1.0, self.max_loss_on_others / lost) if lost > 0 else 1.0

    def _read(self, model: RecurrentModel[Any]) -> Reading:
        score = total(score_together(model, self.new_songs))
        moved = [
            index
            for index, song in enumerate(self._others)
            if self._moved_rows is None or song.artist in self._moved_rows
        ]
        again = score_together(model, [self._others[index] for index in moved])
        for index, value in zip(moved, again, strict=True):
            self._other_scores[index] = value
        others = total(self._other_scores).bits_per_character
        return Reading(score.bits_per_character, others, score.perplexity)

    def _draw(self, train_loss: float | None, reading: Reading) -> None:
        elapsed_s = time.monotonic() - self._started_at
        self.curve.append(
            FinetunePoint(self._stage, elapsed_s, train_loss, reading.new_songs, reading.others)
        )


def score_together(model: RecurrentModel[Any], songs: Sequence[EncodedSong]) -> list[Score]:
    """The score of each song, computed in batches that fit into a bot's memory."""
    return score_songs(model, songs, _SCORED_TOGETHER)


def total(scores: Sequence[Score]) -> Score:
    """The score of all texts together."""
    return sum(scores, NO_SCORE)


def copy_weights(model: RecurrentModel[Any]) -> Weights:
    """The weights as they are now; `model` may go on."""
    return {name: value.clone() for name, value in model.state_dict().items()}

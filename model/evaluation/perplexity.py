"""Bits per character: the one figure by which models with different vocabularies compare."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from model.corpus.dataset import EncodedSong
from model.network.lyric_model import LyricModel

_WINDOW = 128
_NO_TARGET = -100


@dataclass(frozen=True, slots=True)
class Score:
    """Code length of some text under a model. A song's end mark is paid for, its start is given."""

    nats: float
    num_characters: int
    num_tokens: int

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.nats + other.nats,
            self.num_characters + other.num_characters,
            self.num_tokens + other.num_tokens,
        )

    @property
    def bits_per_character(self) -> float:
        """Bits needed for each character of the text, line ends included."""
        return self.nats / math.log(2) / max(1, self.num_characters)

    @property
    def perplexity(self) -> float:
        """Per token, so only comparable within one vocabulary."""
        return math.exp(self.nats / max(1, self.num_tokens))


NO_SCORE = Score(0.0, 0, 0)


@torch.inference_mode()
def score_songs(
    model: LyricModel,
    songs: Sequence[EncodedSong],
    batch_size: int = 64,
    on_batch: Callable[[int], None] | None = None,
) -> list[Score]:
    """Score each song on its own, from an empty state; `on_batch` hears how many songs are done.

    The model is put into evaluation mode and left in the mode it was in.
    """
    was_training = model.training
    model.eval()
    scores: list[Score] = [NO_SCORE] * len(songs)
    order = sorted(range(len(songs)), key=lambda index: songs[index].tokens.numel())
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        nats = _batch_nats(model, [songs[index] for index in rows])
        for index, value in zip(rows, nats.tolist(), strict=True):
            scores[index] = Score(
                value, songs[index].num_characters, songs[index].tokens.numel() - 1
            )
        if on_batch:
            on_batch(start + len(rows))
    model.train(was_training)
    return scores


def total_score(model: LyricModel, songs: Sequence[EncodedSong], batch_size: int = 64) -> Score:
    """The score of all songs together."""
    return sum(score_songs(model, songs, batch_size), NO_SCORE)


def _batch_nats(model: LyricModel, songs: Sequence[EncodedSong]) -> Tensor:
    """Nats of each song (batch,), padded to the longest and read window by window."""
    device = model.output_bias.device
    padded = torch.nn.utils.rnn.pad_sequence([song.tokens for song in songs], True, _NO_TARGET).to(
        device
    )
    artists = torch.tensor([song.artist for song in songs], device=device).unsqueeze(1)
    state = model.initial_state(len(songs))
    nats = torch.zeros(len(songs), dtype=torch.float64, device=device)
    for start in range(0, padded.size(1) - 1, _WINDOW):
        inputs = padded[:, start : start + _WINDOW].clamp(min=0)
        targets = padded[:, start + 1 : start + 1 + _WINDOW]
        inputs = inputs[:, : targets.size(1)]
        logits, state = model(inputs, artists.expand_as(inputs), state)
        losses = F.cross_entropy(
            logits.transpose(1, 2), targets, ignore_index=_NO_TARGET, reduction="none"
        )
        nats += losses.double().sum(1)
    return nats

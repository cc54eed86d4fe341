"""Bits per character: the one figure by which models with different vocabularies compare."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from model.corpus.dataset import EncodedSong
from model.corpus.stream import NO_TARGET
from model.network.recurrent_model import RecurrentModel

_WINDOW = 128


@dataclass(frozen=True, slots=True)
class Score:
    """Code length of some text under a model. A song's end mark is paid for, its start is given.

    `spelling_nats` is what the characters in unknown tokens cost beside the tokens' own `nats`: see
    Tokenizer.
    """

    nats: float
    num_characters: int
    num_tokens: int
    spelling_nats: float = 0.0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.nats + other.nats,
            self.num_characters + other.num_characters,
            self.num_tokens + other.num_tokens,
            self.spelling_nats + other.spelling_nats,
        )

    @property
    def bits_per_character(self) -> float:
        """Bits needed for each character of the text, line ends and unknown words included."""
        return (self.nats + self.spelling_nats) / math.log(2) / max(1, self.num_characters)

    @property
    def nats_per_position(self) -> float:
        """Of a piece of music, nats per frame: the figure of the field."""
        return self.nats / max(1, self.num_tokens)

    @property
    def perplexity(self) -> float:
        """Per token, an unknown being one of them, so only comparable within one vocabulary."""
        return math.exp(self.nats_per_position)


NO_SCORE = Score(0.0, 0, 0)


@torch.inference_mode()
def score_songs(
    model: RecurrentModel[Any],
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
    order = sorted(range(len(songs)), key=lambda index: -len(songs[index].tokens))
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        nats = _batch_nats(model, [songs[index] for index in rows])
        for index, value in zip(rows, nats.tolist(), strict=True):
            song = songs[index]
            scores[index] = Score(
                value, song.num_characters, len(song.tokens) - 1, song.spelling_nats
            )
        if on_batch:
            on_batch(start + len(rows))
    model.train(was_training)
    return scores


def total_score(
    model: RecurrentModel[Any], songs: Sequence[EncodedSong], batch_size: int = 64
) -> Score:
    """The score of all songs together."""
    return sum(score_songs(model, songs, batch_size), NO_SCORE)


def window_nats(
    model: RecurrentModel[Any], songs: Sequence[EncodedSong], window: int = _WINDOW
) -> Iterator[Tensor]:
    """Nats of each target (rows, time), one window after another, 0 where a song has ended.

    `songs` are read side by side, longest first; rows leave the batch where their song ends. The
    state goes from window to window, and gradients do not.
    """
    device = model.output_bias.device
    lengths = torch.tensor([len(song.tokens) for song in songs])
    padded = pad_sequence([song.tokens for song in songs], True, NO_TARGET).to(device)
    artists = torch.tensor([song.artist for song in songs], device=device).unsqueeze(1)
    state = model.initial_state(model.artist_vectors(artists.squeeze(1)))
    for start in range(0, padded.size(1) - 1, window):
        num_rows = int((lengths > start + 1).sum())
        targets = padded[:num_rows, start + 1 : start + 1 + window]
        inputs = padded[:num_rows, start : start + targets.size(1)].clamp(min=0)
        state = state.rows(slice(num_rows))
        whose = artists[:num_rows].expand(inputs.shape[:2])
        read, state = model(inputs, whose, state)
        yield model.nats(read, targets)
        state = state.detach()


def _batch_nats(model: RecurrentModel[Any], songs: Sequence[EncodedSong]) -> Tensor:
    """Nats of each song (batch,), longest first."""
    nats = torch.zeros(len(songs), dtype=torch.float64, device=model.output_bias.device)
    for losses in window_nats(model, songs):
        nats[: losses.size(0)] += losses.double().sum(1)
    return nats

"""The language model: token and artist embedding, LSTM layers, an output tied to the tokens."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Self, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.config import ModelConfig
from model.network.cells import LSTMLayer
from model.network.dropout import LockedDropout
from model.network.state import RecurrentState


class LyricModel(nn.Module):
    """Next-token logits given what came before and whose song it is.

    The artist's vector is joined to the input of the first layer and to the output projection at
    every position, so one batch may hold any mix of artists, and a new artist is one new row of
    `artist_embedding`.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.token_embedding = nn.Embedding(config.vocab_size, config.embedding_size)
        self.artist_embedding = nn.Embedding(config.num_artists, config.artist_size)
        first = config.embedding_size + config.artist_size
        sizes = [first] + [config.hidden_size] * (config.num_layers - 1)
        self.layers = nn.ModuleList(
            LSTMLayer(size, config.hidden_size, config.weight_dropout) for size in sizes
        )
        self.projection = nn.Linear(config.hidden_size + config.artist_size, config.embedding_size)
        self.output_bias = nn.Parameter(torch.zeros(config.vocab_size))
        self.input_dropout = LockedDropout(config.input_dropout)
        self.hidden_dropout = LockedDropout(config.hidden_dropout)
        self.output_dropout = LockedDropout(config.output_dropout)
        nn.init.normal_(self.token_embedding.weight, std=config.embedding_size**-0.5)
        nn.init.normal_(self.artist_embedding.weight, std=0.1)

    def initial_state(self, batch_size: int) -> RecurrentState:
        """The state at the start of a song."""
        config = self.config
        return RecurrentState.zeros(
            config.num_layers, batch_size, config.hidden_size, self.output_bias
        )

    def forward(
        self, tokens: Tensor, artists: Tensor, state: RecurrentState
    ) -> tuple[Tensor, RecurrentState]:
        """Tokens and artists (batch, time) -> logits (batch, time, vocab_size), last state."""
        artist = self.artist_embedding(artists)
        outputs = torch.cat([self.input_dropout(self.token_embedding(tokens)), artist], dim=-1)
        states = []
        for index, layer in enumerate(self._lstm_layers):
            outputs, hidden, cell = layer(outputs, state.hidden[index], state.cell[index])
            states.append((hidden, cell))
            last = index == self.config.num_layers - 1
            outputs = self.output_dropout(outputs) if last else self.hidden_dropout(outputs)
        return self._logits(outputs, artist), RecurrentState.stack(states)

    def step(
        self, tokens: Tensor, artists: Tensor, state: RecurrentState
    ) -> tuple[Tensor, RecurrentState]:
        """One position without dropout: tokens, artists (batch,) -> logits (batch, vocab_size)."""
        artist = self.artist_embedding(artists)
        outputs = torch.cat([self.token_embedding(tokens), artist], dim=-1)
        states = []
        for index, layer in enumerate(self._lstm_layers):
            hidden, cell = layer.step(outputs, state.hidden[index], state.cell[index])
            states.append((hidden, cell))
            outputs = hidden
        return self._logits(outputs, artist), RecurrentState.stack(states)

    @property
    def _lstm_layers(self) -> Iterable[LSTMLayer]:
        return cast("Iterable[LSTMLayer]", self.layers)

    def _logits(self, outputs: Tensor, artist: Tensor) -> Tensor:
        projected = self.projection(torch.cat([outputs, artist], dim=-1))
        return F.linear(projected, self.token_embedding.weight, self.output_bias)

    def with_artists(self, new_rows: Tensor) -> Self:
        """A copy with more artists, of vectors `new_rows` (num_new, artist_size)."""
        rows = torch.cat([self.artist_embedding.weight.detach(), new_rows])
        grown = type(self)(replace(self.config, num_artists=rows.size(0))).to(rows.device)
        grown.load_state_dict({**self.state_dict(), "artist_embedding.weight": rows})
        return grown.train(self.training)

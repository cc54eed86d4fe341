"""The language model: tokens and an artist in, recurrent layers, the next token's logits out."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import NamedTuple, Self, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.config import ModelConfig
from model.network.attention import WindowAttention
from model.network.cells import RecurrentLayer, build_layer
from model.network.conditioning import FeatureModulation, InitialState
from model.network.dropout import LockedDropout, TokenDropout
from model.network.state import RecurrentState

Runner = Callable[[RecurrentLayer, Tensor, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]]
"""Runs a layer on (inputs, hidden, cell) -> (outputs, hidden, cell)."""


def _call_layer(
    layer: RecurrentLayer, inputs: Tensor, hidden: Tensor, cell: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    outputs: tuple[Tensor, Tensor, Tensor] = layer(inputs, hidden, cell)
    return outputs


def _step_layer(
    layer: RecurrentLayer, inputs: Tensor, hidden: Tensor, cell: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    hidden, cell = layer.step(inputs, hidden, cell)
    return hidden, hidden, cell


class Features(NamedTuple):
    """What the output is read from: `outputs` of the top layer, with and without dropout.

    Both (batch, time, hidden_size); `artist` (batch, time, artist_features).
    """

    outputs: Tensor
    undropped: Tensor
    artist: Tensor


class LyricModel(nn.Module):
    """Next-token logits given what came before and whose song it is.

    The artist is a vector beside each token, so one batch may hold any mix of artists and of their
    blends, and a new artist is one new row of `artist_embedding`.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        joined = config.artist_size if config.conditioning == "concat" else 0
        first = config.embedding_size if config.features == "embedding" else config.vocab_size
        sizes = [first + joined] + [config.hidden_size] * (config.num_layers - 1)
        read = config.embedding_size if config.tied_output else config.vocab_size

        if config.features == "embedding":
            self.token_embedding = nn.Embedding(config.vocab_size, config.embedding_size)
            nn.init.normal_(self.token_embedding.weight, std=config.embedding_size**-0.5)
        self.artist_embedding = nn.Embedding(config.num_artists, config.artist_features)
        nn.init.normal_(self.artist_embedding.weight, std=0.1)
        self.layers = nn.ModuleList(build_layer(config, size) for size in sizes)
        if config.layer_norm:
            self.norms = nn.ModuleList(nn.LayerNorm(size) for size in sizes)
        if config.attention_window:
            self.attention = WindowAttention(config.hidden_size, config.attention_window)
        if config.conditioning == "film":
            self.modulation = FeatureModulation(config)
        if config.conditioning == "initial-state":
            self.first_state = InitialState(config, self._layers[0].cell_size)
        # Tied, it ends in the space of the embedding; else it is the output itself.
        self.projection = nn.Linear(config.hidden_size + joined, read, bias=config.tied_output)
        self.output_bias = nn.Parameter(torch.zeros(config.vocab_size))

        self.token_dropout = TokenDropout(config.embedding_dropout)
        self.input_dropout = LockedDropout(config.input_dropout)
        self.hidden_dropout = LockedDropout(config.hidden_dropout)
        self.output_dropout = LockedDropout(config.output_dropout)

    def artist_vectors(self, artists: Tensor) -> Tensor:
        """Artists (…), int64 -> their vectors (…, artist_features)."""
        vectors: Tensor = self.artist_embedding(artists)
        return vectors

    def blend(self, weights: Mapping[int, float]) -> Tensor:
        """The weighted mean (artist_features,) of several artists' vectors."""
        rows = self.artist_embedding.weight[list(weights)]
        shares = rows.new_tensor(list(weights.values()))
        return (shares / shares.sum()) @ rows

    def initial_state(self, artist_vectors: Tensor) -> RecurrentState:
        """The state at the start of a song of each artist (batch, artist_features)."""
        config, batch_size = self.config, artist_vectors.size(0)

        def zeros(length: int, size: int) -> Tensor:
            return self.output_bias.new_zeros(length, batch_size, size)

        memory = zeros(config.attention_window, config.hidden_size)
        if config.conditioning == "initial-state":
            hidden, cell = self.first_state(artist_vectors)
            return RecurrentState(hidden, cell, memory)
        hidden = zeros(config.num_layers, config.hidden_size)
        return RecurrentState(hidden, zeros(config.num_layers, self._layers[0].cell_size), memory)

    def forward(
        self, tokens: Tensor, artists: Tensor, state: RecurrentState
    ) -> tuple[Tensor, RecurrentState]:
        """Tokens and artists (batch, time) -> logits (batch, time, vocab_size), last state."""
        features, state = self.features(tokens, artists, state)
        return self.readout(features.outputs, features.artist), state

    def step(
        self, tokens: Tensor, artist_vectors: Tensor, state: RecurrentState
    ) -> tuple[Tensor, RecurrentState]:
        """One position without dropout: tokens (batch,), artist vectors (batch, artist_features)
        -> logits (batch, vocab_size).
        """
        inputs = self._inputs(self._token_features(tokens), artist_vectors)
        outputs, state = self._through_layers(inputs, artist_vectors, state, _step_layer)
        if self.config.attention_window:
            outputs, memory = self.attention.step(outputs, state.memory)
            state = state._replace(memory=memory)
        return self.readout(outputs, artist_vectors), state

    def features(
        self, tokens: Tensor, artists: Tensor, state: RecurrentState, run: Runner = _call_layer
    ) -> tuple[Features, RecurrentState]:
        """All of `forward` but the readout; `run` is how to run a layer."""
        return self._features(tokens, self.artist_vectors(artists), state, run)

    def read(self, tokens: Tensor, artist_vectors: Tensor, state: RecurrentState) -> RecurrentState:
        """The state after tokens (batch, time), all said by artist vectors (batch,
        artist_features): one pass over the sequence instead of `step` for each position.
        """
        artist = artist_vectors.unsqueeze(1).expand(-1, tokens.size(1), -1)
        return self._features(tokens, artist, state, _call_layer)[1]

    def _features(
        self, tokens: Tensor, artist: Tensor, state: RecurrentState, run: Runner
    ) -> tuple[Features, RecurrentState]:
        embedded = self._token_features(tokens)
        embedded = self.token_dropout(embedded, tokens, self.config.vocab_size)
        inputs = self._inputs(self.input_dropout(embedded), artist)
        top, state = self._through_layers(inputs, artist, state, run)
        outputs = top
        if self.config.attention_window:
            outputs, memory = self.attention(top, state.memory)
            state = state._replace(memory=memory)
        return Features(self.output_dropout(outputs), top, artist), state

    def readout(self, outputs: Tensor, artist_vectors: Tensor) -> Tensor:
        """Outputs (…, hidden_size), artist vectors (…, artist_features) -> logits (…, vocab)."""
        joined = self._inputs(outputs, artist_vectors)
        if self.config.tied_output:
            projected = self.projection(joined)
            return F.linear(projected, self.token_embedding.weight, self.output_bias)
        return F.linear(joined, self.projection.weight, self.output_bias)

    def with_artists(self, new_rows: Tensor) -> Self:
        """A copy with more artists, of vectors `new_rows` (num_new, artist_features)."""
        rows = torch.cat([self.artist_embedding.weight.detach(), new_rows])
        grown = type(self)(replace(self.config, num_artists=rows.size(0))).to(rows.device)
        grown.load_state_dict({**self.state_dict(), "artist_embedding.weight": rows})
        return grown.train(self.training)

    def with_dropout(self, rates: Mapping[str, float]) -> Self:
        """A copy with other `rates` of dropout, by the names of their settings."""
        config = ModelConfig.from_dict({**asdict(self.config), **rates})
        twin = type(self)(config).to(self.output_bias.device)
        twin.load_state_dict(self.state_dict())
        return twin.train(self.training)

    def with_layers_in(self, dtype: torch.dtype) -> Self:
        """A copy whose recurrent layers have their weights in `dtype`; only `step` can run it.

        Embeddings, normalisation, attention and readout stay as they are, and so do states.
        """
        twin = copy.deepcopy(self)
        twin.layers.to(dtype)
        return twin

    @property
    def _layers(self) -> Sequence[RecurrentLayer]:
        return cast("Sequence[RecurrentLayer]", self.layers)

    def _token_features(self, tokens: Tensor) -> Tensor:
        if self.config.features == "one-hot":
            return F.one_hot(tokens, self.config.vocab_size).to(self.output_bias.dtype)
        embedded: Tensor = self.token_embedding(tokens)
        return embedded

    def _inputs(self, values: Tensor, artist_vectors: Tensor) -> Tensor:
        """Where the artist is concatenated: before the first layer and before the readout."""
        if self.config.conditioning != "concat":
            return values
        return torch.cat([values, artist_vectors], dim=-1)

    def _through_layers(
        self, inputs: Tensor, artist_vectors: Tensor, state: RecurrentState, run: Runner
    ) -> tuple[Tensor, RecurrentState]:
        """The layers one after another, and all that stands between them.

        Inputs (…, size) -> outputs (…, hidden_size) without the dropout of the top layer.
        """
        states = []
        for index, layer in enumerate(self._layers):
            if index:
                inputs = self.hidden_dropout(inputs)
            normed = self.norms[index](inputs) if self.config.layer_norm else inputs
            outputs, hidden, cell = run(layer, normed, state.hidden[index], state.cell[index])
            states.append((hidden, cell))
            if self.config.residual and index:
                outputs = outputs + inputs
            if self.config.conditioning == "film":
                outputs = self.modulation(index, outputs, artist_vectors)
            inputs = outputs
        return inputs, RecurrentState.stack(states, state.memory)

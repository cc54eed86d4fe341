"""The network under every model here: recurrent layers between an input and an output."""

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Generic, NamedTuple, Self, TypeVar, cast

import torch
from torch import Tensor, nn

from model.config import NetworkConfig
from model.network.attention import WindowAttention
from model.network.cells import RecurrentLayer, build_layer
from model.network.conditioning import FeatureModulation, InitialState
from model.network.dropout import LockedDropout
from model.network.state import RecurrentState

LayerRunner = Callable[[RecurrentLayer, Tensor, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]]
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


Config = TypeVar("Config", bound=NetworkConfig)


class RecurrentModel(nn.Module, ABC, Generic[Config]):
    """What comes next, given what came before and whose it is: the part that all models share.

    A position is whatever the subclass embeds and reads out: a token, or a frame of a piano roll.
    The artist is a vector beside each position, so one batch may hold any mix of artists and of
    their blends, and a new artist is one new row of `artist_embedding`.
    """

    output_bias: nn.Parameter

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config

    def _build_layers(self, input_size: int) -> None:
        """All between the input, `input_size` wide, and the output. Called once, after the input
        and before the output are built: the order decides which random numbers each begins with.
        """
        config = self.config
        sizes = [input_size + self._joined_size] + [config.hidden_size] * (config.num_layers - 1)
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
        self.input_dropout = LockedDropout(config.input_dropout)
        self.hidden_dropout = LockedDropout(config.hidden_dropout)
        self.output_dropout = LockedDropout(config.output_dropout)

    @property
    @abstractmethod
    def nats_knowing_nothing(self) -> float:
        """What a position costs where all that may come is held equally likely."""

    @abstractmethod
    def any_position(self, number: int) -> Tensor:
        """One position (…) that the network can read, on its device: another for most numbers."""

    @abstractmethod
    def embed(self, positions: Tensor) -> Tensor:
        """Positions (…) as the first layer takes them (…, input_size), with the dropout that is
        theirs while training.
        """

    @abstractmethod
    def readout(self, outputs: Tensor, artist_vectors: Tensor) -> Tensor:
        """Outputs (…, hidden_size), artist vectors (…, artist_features) -> what the next position
        is scored by (…, size): logits, or what they are made of.
        """

    @abstractmethod
    def nats(self, read: Tensor, targets: Tensor) -> Tensor:
        """The cost of each target (batch, time), 0 where there is NO_TARGET, by what was read out
        (batch, time, size).
        """

    @abstractmethod
    def even_nats(self, read: Tensor, targets: Tensor) -> Tensor:
        """As `nats`, of targets that hold everything equally likely (label smoothing)."""

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
        self, positions: Tensor, artists: Tensor, state: RecurrentState
    ) -> tuple[Tensor, RecurrentState]:
        """Positions and artists (batch, time) -> what is read out (batch, time, size), and the
        last state.
        """
        features, state = self.features(positions, artists, state)
        return self.readout(features.outputs, features.artist), state

    def step(
        self, positions: Tensor, artist_vectors: Tensor, state: RecurrentState
    ) -> tuple[Tensor, RecurrentState]:
        """One position (batch,) without dropout, artist vectors (batch, artist_features) -> what is
        read out (batch, size).
        """
        inputs = self._inputs(self.embed(positions), artist_vectors)
        outputs, state = self._through_layers(inputs, artist_vectors, state, _step_layer)
        if self.config.attention_window:
            outputs, memory = self.attention.step(outputs, state.memory)
            state = state._replace(memory=memory)
        return self.readout(outputs, artist_vectors), state

    def features(
        self,
        positions: Tensor,
        artists: Tensor,
        state: RecurrentState,
        run: LayerRunner = _call_layer,
    ) -> tuple[Features, RecurrentState]:
        """All of `forward` but the readout; `run` is how to run a layer."""
        return self._features(positions, self.artist_vectors(artists), state, run)

    def read(
        self, positions: Tensor, artist_vectors: Tensor, state: RecurrentState
    ) -> RecurrentState:
        """The state after positions (batch, time), all said by artist vectors (batch,
        artist_features): one pass over the sequence instead of `step` for each of them.
        """
        artist = artist_vectors.unsqueeze(1).expand(-1, positions.size(1), -1)
        return self._features(positions, artist, state, _call_layer)[1]

    def _features(
        self, positions: Tensor, artist: Tensor, state: RecurrentState, run: LayerRunner
    ) -> tuple[Features, RecurrentState]:
        inputs = self._inputs(self.input_dropout(self.embed(positions)), artist)
        top, state = self._through_layers(inputs, artist, state, run)
        outputs = top
        if self.config.attention_window:
            outputs, memory = self.attention(top, state.memory)
            state = state._replace(memory=memory)
        return Features(self.output_dropout(outputs), top, artist), state

    def with_artists(self, new_rows: Tensor) -> Self:
        """A copy with more artists, of vectors `new_rows` (num_new, artist_features)."""
        rows = torch.cat([self.artist_embedding.weight.detach(), new_rows])
        grown = type(self)(replace(self.config, num_artists=rows.size(0))).to(rows.device)
        grown.load_state_dict({**self.state_dict(), "artist_embedding.weight": rows})
        return grown.train(self.training)

    def with_dropout(self, rates: Mapping[str, float]) -> Self:
        """A copy with other `rates` of dropout, by the names of their settings."""
        config = type(self.config).from_dict({**asdict(self.config), **rates})
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
    def _joined_size(self) -> int:
        """How much wider the artist makes an input that is theirs to join."""
        return self.config.artist_size if self.config.conditioning == "concat" else 0

    @property
    def _layers(self) -> Sequence[RecurrentLayer]:
        return cast("Sequence[RecurrentLayer]", self.layers)

    def _inputs(self, values: Tensor, artist_vectors: Tensor) -> Tensor:
        """Where the artist is concatenated: before the first layer and before the readout."""
        if self.config.conditioning != "concat":
            return values
        return torch.cat([values, artist_vectors], dim=-1)

    def _through_layers(
        self, inputs: Tensor, artist_vectors: Tensor, state: RecurrentState, run: LayerRunner
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

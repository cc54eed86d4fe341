"""A model's weights as the int8 step wants them: products packed, layer 0 and the artist in tables.

Each output of a product has its own scale (symmetric, 8 bits). What goes into a product has a scale
that depends on nothing but its own row: a hidden state lies in (-1, 1), sums of them in a known
bound, and what is normalised is measured row by row. So no verse changes another's rounding.
"""

from collections.abc import Iterable
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.config import ModelConfig
from model.engine.int8.library import Layer, Network, Product, load_library
from model.network.cells import LSTMLayer
from model.network.lyric_model import LyricModel

# To whole numbers of these, products are padded.
_NUM_LANES = 32
_NUM_INPUTS = 16


def why_not(model: LyricModel) -> str | None:
    """What the int8 step does not know of this model, or None where it can run it."""
    config = model.config
    if type(model) is not LyricModel:
        return f"it does not know a {type(model).__name__}"
    if model.output_bias.is_cuda:
        return "the model is on a GPU"
    if config.cell != "lstm":
        return f"it knows LSTM cells only, not {config.cell}"
    if config.conditioning not in ("none", "concat"):
        return f"it does not know the conditioning {config.conditioning}"
    return "it does not know attention" if config.attention_window else None


class VoiceTables(NamedTuple):
    """What one artist's vector comes to: (num_gates,), (2,) and (width of the reading,)."""

    gates: Tensor
    moments: Tensor
    reading: Tensor


class Int8Weights:
    """`network` points into tensors that this object keeps."""

    @torch.inference_mode()
    def __init__(self, model: LyricModel) -> None:
        config = model.config
        layers, norms = _layers_of(model)
        self._kept: list[Tensor] = []
        built = [self._layer(config, i, layers[i], norms[i]) for i in range(len(layers))]
        self._layers = (Layer * len(layers))(*built)
        # Layer 0 is linear in its features, token and artist side by side, but for two moments.
        weight, _ = _folded(layers[0], norms[0])
        features = _token_features(model)
        of_token = weight[:, : features.size(1)]
        self._gates_of_artist = weight[:, features.size(1) :]
        read = model.projection.weight
        self._reading_of_artist = read[:, config.hidden_size :]
        # The projection begins with it, or the logits where there is no projection.
        self._reading_bias = model.projection.bias if config.tied_output else model.output_bias
        projection = read[:, : config.hidden_size]
        self.network = Network(
            hidden_size=config.hidden_size,
            num_layers=config.num_layers,
            vocab_size=config.vocab_size,
            num_gates=self._layers[0].hidden.num_outputs,
            has_norm=config.layer_norm,
            is_residual=config.residual,
            is_tied=config.tied_output,
            num_features=weight.size(1),
            norm_epsilon=norms[0].eps if norms[0] else 0.0,
            top_bound=float(_bound(config, config.num_layers)),
            token_gates=self._keep(_padded(features @ of_token.t())),
            token_moments=self._keep(_moments(features)),
            gate_sums=self._keep(_padded(weight.sum(1))),
            layers=self._layers,
            projection=self._product(projection) if config.tied_output else Product(),
            readout=self._product(
                model.token_embedding.weight if config.tied_output else projection
            ),
            output_bias=self._keep(_padded(model.output_bias)),
        )

    @property
    def reading_width(self) -> int:
        """Of `VoiceTables.reading`: what is added where the output is read."""
        network = self.network
        product = network.projection if network.is_tied else network.readout
        return int(product.num_outputs)

    @torch.inference_mode()
    def voice(self, artist: Tensor) -> VoiceTables:
        """Of an artist's vector (artist_features,), or of a blend."""
        told = artist[: self._gates_of_artist.size(1)]
        reading = self._reading_of_artist @ told + self._reading_bias
        return VoiceTables(
            _padded(self._gates_of_artist @ told),
            _moments(told.unsqueeze(0)).squeeze(0),
            _padded(reading),
        )

    def _layer(
        self, config: ModelConfig, index: int, layer: LSTMLayer, norm: nn.LayerNorm | None
    ) -> Layer:
        weight, bias = _folded(layer, norm)
        return Layer(
            inputs=self._product(weight) if index else Product(),
            hidden=self._product(layer.weight_hh),
            bias=self._keep(_padded(bias)),
            bound=0.0 if norm else float(_bound(config, index)),
        )

    def _product(self, weight: Tensor) -> Product:
        """Weights (num_outputs, num_inputs), each output with a scale of its own."""
        weight = _padded(weight.t()).t()
        weight = F.pad(weight, (0, -weight.size(1) % _NUM_INPUTS))
        weight = weight.contiguous()
        room = torch.empty(weight.shape, dtype=torch.int8)
        packed = torch.empty_like(room)
        start = torch.empty(len(weight), dtype=torch.int32)
        scales = torch.empty(len(weight))
        load_library().cypher_pack(
            *weight.shape, *(each.data_ptr() for each in (weight, room, packed, start, scales))
        )
        return Product(
            num_inputs=weight.size(1),
            num_outputs=weight.size(0),
            weights=self._keep(packed),
            start=self._keep(start),
            scales=self._keep(scales),
        )

    def _keep(self, values: Tensor) -> int:
        """The address of `values`, which stay where they are as long as this object."""
        self._kept.append(values.contiguous())
        return self._kept[-1].data_ptr()


def _layers_of(model: LyricModel) -> tuple[list[LSTMLayer], list[nn.LayerNorm | None]]:
    """Each layer with what normalises its inputs, or None."""
    layers = list(cast("Iterable[LSTMLayer]", model.layers))
    if not model.config.layer_norm:
        return layers, [None] * len(layers)
    return layers, list(cast("Iterable[nn.LayerNorm]", model.norms))


def _folded(layer: LSTMLayer, norm: nn.LayerNorm | None) -> tuple[Tensor, Tensor]:
    """Weights and bias over what is normalised but neither scaled nor shifted."""
    if norm is None:
        return layer.weight_ih, layer.bias
    return layer.weight_ih * norm.weight, layer.bias + layer.weight_ih @ norm.bias


def _bound(config: ModelConfig, index: int) -> int:
    """The largest magnitude that layer `index` can read: that of one hidden state, or of a sum."""
    return index if config.residual else 1


def _token_features(model: LyricModel) -> Tensor:
    """What each token is to layer 0 (vocab_size, features)."""
    if model.config.features == "one-hot":
        return torch.eye(model.config.vocab_size)
    return model.token_embedding.weight


def _moments(rows: Tensor) -> Tensor:
    """Sum and sum of squares of each row (rows, 2)."""
    return torch.stack([rows.sum(1), rows.square().sum(1)], dim=1)


def _padded(values: Tensor) -> Tensor:
    """The last dimension filled up with zeros to whole lanes."""
    return F.pad(values, (0, -values.size(-1) % _NUM_LANES))

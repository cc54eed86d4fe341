"""torch's own int8 kernels under a network of the starter's kind: its quantised LSTM cell."""

import warnings
from typing import Any

import torch
from torch import Tensor

from model.network.lyric_model import LyricModel

_REDUCES_RANGE = True  # what goes in has 7 bits: without VNNI, products of 8 would overflow


class TorchInt8:
    """One step by the operators that `torch.ao.nn.quantized.dynamic` is made of.

    Its LSTM cell, not its nn.LSTM, for the starter normalises between layers. Of what was tried on
    one core with AVX2 (the cell, nn.LSTM of one layer, two or one linear product a layer) none was
    faster at all numbers of rows. Weights have 8 bits and each output a scale of its own; what goes
    in is quantised with one scale for the whole batch.
    """

    @torch.inference_mode()
    def __init__(self, model: LyricModel) -> None:
        self._model = model
        self._is_residual = model.config.residual
        weights = {name: value.detach() for name, value in model.named_parameters()}
        self._cells = [_Cell(weights, f"layers.{i}") for i in range(model.config.num_layers)]
        self._projection = _packed(weights["projection.weight"], weights["projection.bias"])
        self._readout = _packed(weights["token_embedding.weight"], weights["output_bias"])

    def start(self, voices: Tensor) -> None:
        """Rows as artists `voices` (rows, artist_size), each from an empty state."""
        self._voices = voices
        first = self._model.initial_state(voices)
        self._states = [*zip(first.hidden, first.cell, strict=True)]

    def step(self, tokens: Tensor) -> Tensor:
        """Tokens (rows,) -> logits (rows, vocab_size)."""
        model = self._model
        features = torch.cat([model.token_embedding(tokens), self._voices], dim=1)
        for index, cell in enumerate(self._cells):
            normed = model.norms[index](features) if model.config.layer_norm else features
            self._states[index] = hidden, _ = cell.step(normed, *self._states[index])
            features = features + hidden if index and self._is_residual else hidden
        read = _product(torch.cat([features, self._voices], dim=1), self._projection)
        return _product(read, self._readout)


class _Cell:
    def __init__(self, weights: dict[str, Tensor], layer: str) -> None:
        self._bias = weights[f"{layer}.bias"]
        self._no_bias = torch.zeros_like(self._bias)
        self._inputs = _packed(weights[f"{layer}.weight_ih"], self._bias)
        self._hidden = _packed(weights[f"{layer}.weight_hh"], self._no_bias)

    def step(self, inputs: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        """Inputs (rows, size) -> the next hidden and cell state (rows, hidden_size)."""
        products = (self._inputs, self._hidden, self._bias, self._no_bias)
        hidden, cell = torch.ops.quantized.quantized_lstm_cell_dynamic(
            inputs, [hidden, cell], *products
        )
        return hidden, cell


def _product(inputs: Tensor, packed: Any) -> Tensor:
    outputs: Tensor = torch.ops.quantized.linear_dynamic(inputs, packed, _REDUCES_RANGE)
    return outputs


def _packed(weight: Tensor, bias: Tensor) -> Any:
    """Weights (num_outputs, num_inputs) as the kernels want them."""
    scales = weight.abs().amax(1).clamp(min=1e-12).double() / 127
    zeros = torch.zeros(len(weight), dtype=torch.int64)
    with warnings.catch_warnings():
        # torch means to move its quantisation elsewhere; the kernels are what is measured.
        warnings.simplefilter("ignore")
        quantised = torch.quantize_per_channel(weight, scales, zeros, 0, torch.qint8)
        return torch.ops.quantized.linear_prepack(quantised, bias)

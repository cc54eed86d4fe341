"""Recurrent layers under one contract: `forward` over a sequence equals `step` repeated.

Every layer carries a hidden state (batch, hidden_size) and a cell state (batch, cell_size), which
has no width where the equations know only one state. While training, `weight_dropout` drops
recurrent weights, one mask a window (Merity et al. 2018).

`step` also takes weights of a lower precision than its inputs and states: the products are computed
in that of the weights, and all else in that of the states.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.config import NetworkConfig


class RecurrentLayer(nn.Module, ABC):
    """One layer: `num_gates` stacked blocks of weights over its inputs and its hidden state."""

    num_gates: int
    has_cell: bool = False

    def __init__(self, input_size: int, hidden_size: int, weight_dropout: float = 0.0) -> None:
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.weight_dropout = weight_dropout
        rows = self.num_gates * hidden_size
        self.weight_ih = nn.Parameter(torch.empty(rows, input_size))
        self.weight_hh = nn.Parameter(torch.empty(rows, hidden_size))
        self.bias = nn.Parameter(torch.zeros(rows))
        bound = 1 / math.sqrt(hidden_size)
        nn.init.uniform_(self.weight_ih, -bound, bound)
        nn.init.uniform_(self.weight_hh, -bound, bound)

    @property
    def cell_size(self) -> int:
        """Width of the second state."""
        return self.hidden_size if self.has_cell else 0

    @abstractmethod
    def forward(
        self, inputs: Tensor, hidden: Tensor, cell: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Inputs (batch, time, input_size) -> outputs (batch, time, hidden_size), last states."""

    @abstractmethod
    def step(self, inputs: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        """Inputs (batch, input_size) -> the next hidden and cell state."""

    def _dropped_weight_hh(self) -> Tensor:
        return F.dropout(self.weight_hh, self.weight_dropout, self.training)

    def _gates(self, inputs: Tensor, hidden: Tensor, weight_hh: Tensor) -> Tensor:
        """All gates before their nonlinearities, (batch, num_gates * hidden_size)."""
        kind = weight_hh.dtype
        from_inputs = F.linear(inputs.to(kind), self.weight_ih, self.bias)
        return torch.addmm(from_inputs, hidden.to(kind), weight_hh.t()).to(hidden.dtype)


class RNNLayer(RecurrentLayer):
    """The simple recurrent network (Elman 1990) with tanh."""

    num_gates = 1

    def __init__(self, input_size: int, hidden_size: int, weight_dropout: float = 0.0) -> None:
        super().__init__(input_size, hidden_size, weight_dropout)
        # torch's kernel wants two biases; one of them is enough.
        self.register_buffer("zero_bias", torch.zeros(hidden_size), persistent=False)

    zero_bias: Tensor

    def forward(
        self, inputs: Tensor, hidden: Tensor, cell: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        weights = (self.weight_ih, self._dropped_weight_hh(), self.bias, self.zero_bias)
        outputs, last = torch.rnn_tanh(
            inputs, hidden.unsqueeze(0), weights, True, 1, 0.0, self.training, False, True
        )
        return outputs, last.squeeze(0), cell

    def step(self, inputs: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        return self._gates(inputs, hidden, self.weight_hh).tanh(), cell


class GRULayer(RecurrentLayer):
    """The gated recurrent unit (Cho et al. 2014), gates in torch's order r, z, n.

    As in torch and cuDNN the reset gate acts on the product, not on the state, which is why the
    recurrent weights need a bias of their own.
    """

    num_gates = 3

    def __init__(self, input_size: int, hidden_size: int, weight_dropout: float = 0.0) -> None:
        super().__init__(input_size, hidden_size, weight_dropout)
        self.bias_hh = nn.Parameter(torch.zeros(3 * hidden_size))

    def forward(
        self, inputs: Tensor, hidden: Tensor, cell: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        weights = (self.weight_ih, self._dropped_weight_hh(), self.bias, self.bias_hh)
        outputs, last = torch.gru(
            inputs, hidden.unsqueeze(0), weights, True, 1, 0.0, self.training, False, True
        )
        return outputs, last.squeeze(0), cell

    def step(self, inputs: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        reset, update, candidate = _linear(inputs, self.weight_ih, self.bias).chunk(3, dim=1)
        from_hidden = _linear(hidden, self.weight_hh, self.bias_hh)
        hidden_reset, hidden_update, hidden_candidate = from_hidden.chunk(3, dim=1)
        update = (update + hidden_update).sigmoid()
        candidate = (candidate + (reset + hidden_reset).sigmoid() * hidden_candidate).tanh()
        return torch.lerp(candidate, hidden, update), cell


class LSTMLayer(RecurrentLayer):
    """Long short-term memory (Hochreiter & Schmidhuber 1997), gates in torch's order i, f, g, o.

    The forget gate starts open (Jozefowicz et al. 2015).
    """

    num_gates = 4
    has_cell = True
    zero_bias: Tensor

    def __init__(self, input_size: int, hidden_size: int, weight_dropout: float = 0.0) -> None:
        super().__init__(input_size, hidden_size, weight_dropout)
        self.register_buffer("zero_bias", torch.zeros(4 * hidden_size), persistent=False)
        with torch.no_grad():
            self.bias[hidden_size : 2 * hidden_size] = 1.0

    def forward(
        self, inputs: Tensor, hidden: Tensor, cell: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        weights = (self.weight_ih, self._dropped_weight_hh(), self.bias, self.zero_bias)
        states = (hidden.unsqueeze(0), cell.unsqueeze(0))
        outputs, last_hidden, last_cell = torch.lstm(
            inputs, states, weights, True, 1, 0.0, self.training, False, True
        )
        return outputs, last_hidden.squeeze(0), last_cell.squeeze(0)

    def step(self, inputs: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        return lstm_update(self._gates(inputs, hidden, self.weight_hh), cell)


class MogrifierLayer(LSTMLayer):
    """An LSTM whose input and hidden state gate each other before each step (Melis et al. 2020).

    Round 1, 3, … scales the input by 2 sigmoid(Q h), round 2, 4, … the hidden by 2 sigmoid(R x).
    """

    def __init__(
        self, input_size: int, hidden_size: int, weight_dropout: float = 0.0, rounds: int = 4
    ) -> None:
        super().__init__(input_size, hidden_size, weight_dropout)
        self.rounds = nn.ModuleList(
            nn.Linear(hidden_size, input_size)
            if number % 2 == 0
            else nn.Linear(input_size, hidden_size)
            for number in range(rounds)
        )

    def forward(
        self, inputs: Tensor, hidden: Tensor, cell: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        weight_hh = self._dropped_weight_hh()
        outputs = []
        for position in inputs.unbind(1):
            hidden, cell = self._advance(position, hidden, cell, weight_hh)
            outputs.append(hidden)
        return torch.stack(outputs, 1), hidden, cell

    def step(self, inputs: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        return self._advance(inputs, hidden, cell, self.weight_hh)

    def _advance(
        self, inputs: Tensor, hidden: Tensor, cell: Tensor, weight_hh: Tensor
    ) -> tuple[Tensor, Tensor]:
        for number, gate in enumerate(cast("Sequence[nn.Linear]", self.rounds)):
            if number % 2 == 0:
                inputs = 2 * _linear(hidden, gate.weight, gate.bias).sigmoid() * inputs
            else:
                hidden = 2 * _linear(inputs, gate.weight, gate.bias).sigmoid() * hidden
        return lstm_update(self._gates(inputs, hidden, weight_hh), cell)


def _linear(inputs: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """`F.linear` in the precision of the weights, given back in that of the inputs."""
    return F.linear(inputs.to(weight.dtype), weight, bias).to(inputs.dtype)


def lstm_update(gates: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
    """Gates (batch, 4 * hidden_size) before their nonlinearities -> hidden and cell state."""
    input_gate, forget_gate, candidate, output_gate = gates.chunk(4, dim=1)
    cell = forget_gate.sigmoid() * cell + input_gate.sigmoid() * candidate.tanh()
    return output_gate.sigmoid() * cell.tanh(), cell


def build_layer(config: NetworkConfig, input_size: int) -> RecurrentLayer:
    """The kind of layer that `config` asks for."""
    if config.cell == "mogrifier":
        return MogrifierLayer(
            input_size, config.hidden_size, config.weight_dropout, config.mogrifier_rounds
        )
    kinds: dict[str, type[RecurrentLayer]] = {"rnn": RNNLayer, "gru": GRULayer, "lstm": LSTMLayer}
    return kinds[config.cell](input_size, config.hidden_size, config.weight_dropout)

"""Recurrent layers. Their contract: `forward` over a sequence equals `step` repeated."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class LSTMLayer(nn.Module):
    """Long short-term memory (Hochreiter & Schmidhuber 1997), gates in torch's order i, f, g, o.

    While training, `weight_dropout` drops recurrent weights, one mask a window (AWD-LSTM, Merity
    et al. 2018).
    """

    zero_bias: Tensor

    def __init__(self, input_size: int, hidden_size: int, weight_dropout: float = 0.0) -> None:
        super().__init__()
        self.hidden_size = hidden_size
        self.weight_dropout = weight_dropout
        self.weight_ih = nn.Parameter(torch.empty(4 * hidden_size, input_size))
        self.weight_hh = nn.Parameter(torch.empty(4 * hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.zeros(4 * hidden_size))
        # torch's fused kernel wants two biases; one of them is enough.
        self.register_buffer("zero_bias", torch.zeros(4 * hidden_size), persistent=False)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Uniform weights as in torch; the forget gate starts open (Jozefowicz et al. 2015)."""
        bound = 1 / math.sqrt(self.hidden_size)
        nn.init.uniform_(self.weight_ih, -bound, bound)
        nn.init.uniform_(self.weight_hh, -bound, bound)
        nn.init.zeros_(self.bias)
        with torch.no_grad():
            self.bias[self.hidden_size : 2 * self.hidden_size] = 1.0

    def forward(
        self, inputs: Tensor, hidden: Tensor, cell: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Inputs (batch, time, input_size) -> outputs (batch, time, hidden_size), state."""
        weight_hh = F.dropout(self.weight_hh, self.weight_dropout, self.training)
        outputs, last_hidden, last_cell = torch.lstm(
            inputs,
            (hidden.unsqueeze(0), cell.unsqueeze(0)),
            (self.weight_ih, weight_hh, self.bias, self.zero_bias),
            has_biases=True,
            num_layers=1,
            dropout=0.0,
            train=self.training,
            bidirectional=False,
            batch_first=True,
        )
        return outputs, last_hidden.squeeze(0), last_cell.squeeze(0)

    def step(self, inputs: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        """Inputs (batch, input_size) -> the next hidden and cell state (batch, hidden_size)."""
        gates = torch.addmm(F.linear(inputs, self.weight_ih, self.bias), hidden, self.weight_hh.t())
        input_gate, forget_gate, candidate, output_gate = gates.chunk(4, dim=1)
        cell = forget_gate.sigmoid() * cell + input_gate.sigmoid() * candidate.tanh()
        return output_gate.sigmoid() * cell.tanh(), cell

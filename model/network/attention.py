"""Causal attention over a bounded window of past outputs, which can be served a step at a time."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class WindowAttention(nn.Module):
    """Each output looks back at the `window` outputs before it (Luong et al. 2015, "general").

    What is kept between steps is the outputs themselves, so a step costs one product with the
    query and none with the memory. Places before the start of a song are zeros with a score of
    zero: a position that nothing in the past concerns may look there.
    """

    def __init__(self, size: int, window: int) -> None:
        super().__init__()
        self.window = window
        self.query = nn.Linear(size, size, bias=False)
        self.combine = nn.Linear(2 * size, size)

    def forward(self, outputs: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """Outputs (batch, time, size), memory (window, batch, size) -> outputs, the next memory."""
        past = torch.cat([memory.transpose(0, 1), outputs], dim=1)
        query = self.query(outputs) / math.sqrt(outputs.size(-1))
        scores = torch.bmm(query, past.transpose(1, 2))
        age = torch.arange(scores.size(2), device=scores.device) - torch.arange(
            scores.size(1), device=scores.device
        ).unsqueeze(1)
        scores = scores.masked_fill((age < 0) | (age >= self.window), -torch.inf)
        context = torch.bmm(scores.softmax(-1), past)
        return self._combined(outputs, context), past[:, -self.window :].transpose(0, 1)

    def step(self, outputs: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """One position: outputs (batch, size), memory (window, batch, size)."""
        query = self.query(outputs) / math.sqrt(outputs.size(-1))
        # By rows: over the first dimension, softmax would round by the place of a row in the batch.
        weights = (memory * query).sum(-1).t().softmax(-1).t()
        context = (memory * weights.unsqueeze(-1)).sum(0)
        return self._combined(outputs, context), torch.cat([memory[1:], outputs.unsqueeze(0)])

    def _combined(self, outputs: Tensor, context: Tensor) -> Tensor:
        return F.linear(
            torch.cat([outputs, context], dim=-1), self.combine.weight, self.combine.bias
        ).tanh()

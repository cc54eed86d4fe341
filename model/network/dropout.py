"""Dropout for recurrent networks: what is dropped stays dropped for a whole window."""

import torch
from torch import Tensor, nn


class LockedDropout(nn.Module):
    """Drop the same features at every position of a row (Gal & Ghahramani 2016)."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, inputs: Tensor) -> Tensor:
        """Inputs and outputs (batch, time, features)."""
        if not self.training or self.rate == 0:
            return inputs
        keep = 1 - self.rate
        mask = inputs.new_empty(inputs.size(0), 1, inputs.size(2)).bernoulli_(keep).div_(keep)
        return inputs * mask


class TokenDropout(nn.Module):
    """Drop whole tokens of the vocabulary, wherever they stand in the window.

    "Embedding dropout" of Gal & Ghahramani 2016 and Merity et al. 2018.
    """

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, inputs: Tensor, tokens: Tensor, vocab_size: int) -> Tensor:
        """Inputs (batch, time, features) of `tokens` (batch, time) -> the same shape."""
        if not self.training or self.rate == 0:
            return inputs
        keep = 1 - self.rate
        mask: Tensor = torch.empty(vocab_size, device=inputs.device).bernoulli_(keep).div_(keep)
        return inputs * mask[tokens].unsqueeze(-1)

"""Locked dropout: one mask for a whole window of a row."""

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

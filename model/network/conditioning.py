"""How a network is told whose song it writes: not at all, or in one of three ways."""

import torch
from torch import Tensor, nn

from model.config import NetworkConfig


class InitialState(nn.Module):
    """The artist makes the state in which a song begins, and is not told again."""

    def __init__(self, config: NetworkConfig, cell_size: int) -> None:
        super().__init__()
        self.num_layers = config.num_layers
        self.sizes = [config.hidden_size, cell_size]
        self.projection = nn.Linear(config.artist_size, config.num_layers * sum(self.sizes))

    def forward(self, artist: Tensor) -> tuple[Tensor, Tensor]:
        """Artist vectors (batch, artist_size) -> hidden and cell (num_layers, batch, size)."""
        values = self.projection(artist).tanh().view(artist.size(0), self.num_layers, -1)
        hidden, cell = values.transpose(0, 1).split(self.sizes, dim=2)
        return hidden.contiguous(), cell.contiguous()


class FeatureModulation(nn.Module):
    """The artist scales and shifts each output of each layer (FiLM, Perez et al. 2018)."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.projections = nn.ModuleList(
            nn.Linear(config.artist_size, 2 * config.hidden_size) for _ in range(config.num_layers)
        )
        for projection in self.projections:
            nn.init.zeros_(projection.bias)  # type: ignore[arg-type]

    def forward(self, layer: int, outputs: Tensor, artist: Tensor) -> Tensor:
        """Outputs (…, hidden_size) of `layer`, artist vectors (…, artist_size)."""
        scale, shift = self.projections[layer](artist).chunk(2, dim=-1)
        return torch.addcmul(outputs + shift, outputs, scale)

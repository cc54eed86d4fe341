"""What a recurrent network remembers between two positions."""

from typing import NamedTuple

import torch
from torch import Tensor


class RecurrentState(NamedTuple):
    """Hidden and cell state of every layer, each (num_layers, batch, hidden_size)."""

    hidden: Tensor
    cell: Tensor

    @classmethod
    def zeros(
        cls, num_layers: int, batch_size: int, hidden_size: int, like: Tensor
    ) -> "RecurrentState":
        """The state before the first token, with the type and device of `like`."""
        shape = (num_layers, batch_size, hidden_size)
        return cls(like.new_zeros(shape), like.new_zeros(shape))

    def detach(self) -> "RecurrentState":
        """The same values, cut from the graph: truncated backpropagation ends here."""
        return RecurrentState(self.hidden.detach(), self.cell.detach())

    def keep(self, rows: Tensor) -> "RecurrentState":
        """The same state with the rows where `rows` (batch,) is False set back to zero."""
        mask = rows.to(self.hidden.dtype).view(1, -1, 1)
        return RecurrentState(self.hidden * mask, self.cell * mask)

    @classmethod
    def stack(cls, layers: list[tuple[Tensor, Tensor]]) -> "RecurrentState":
        """Join per-layer (batch, hidden_size) pairs into one state."""
        return cls(
            torch.stack([hidden for hidden, _ in layers]),
            torch.stack([cell for _, cell in layers]),
        )

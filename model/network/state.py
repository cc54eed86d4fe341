"""What a recurrent network remembers between two positions."""

from collections.abc import Sequence
from typing import NamedTuple, Self

import torch
from torch import Tensor


class RecurrentState(NamedTuple):
    """Every tensor has the batch in dimension 1, so rows are handled alike whatever they mean.

    `hidden` (num_layers, batch, hidden_size); `cell` the same, with no width where the cells have
    no second state; `memory` (attention_window, batch, hidden_size), the outputs that attention may
    look back to, oldest first, zeros before the first.
    """

    hidden: Tensor
    cell: Tensor
    memory: Tensor

    def detach(self) -> Self:
        """The same values, cut from the graph: truncated backpropagation ends here."""
        return type(self)(*(part.detach() for part in self))

    def rows(self, rows: slice | Tensor) -> Self:
        """Only some rows of the batch; views where `rows` is a slice."""
        return type(self)(*(part[:, rows] for part in self))

    def where(self, condition: Tensor, other: "RecurrentState") -> Self:
        """These rows where `condition` (batch,) holds, those of `other` elsewhere."""
        mask = condition.view(1, -1, 1)
        pairs = zip(self, other, strict=True)
        return type(self)(*(torch.where(mask, own, others) for own, others in pairs))

    @classmethod
    def stack(cls, layers: Sequence[tuple[Tensor, Tensor]], memory: Tensor) -> Self:
        """Join per-layer (batch, size) pairs into one state."""
        hidden = torch.stack([hidden for hidden, _ in layers])
        return cls(hidden, torch.stack([cell for _, cell in layers]), memory)

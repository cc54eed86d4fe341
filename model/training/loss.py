"""What is made small: cross entropy, with the regularisers of AWD-LSTM beside it."""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from model.config import TrainingConfig
from model.corpus.stream import Window
from model.network.cells import RecurrentLayer
from model.network.recurrent_model import RecurrentModel
from model.network.state import RecurrentState

_READOUT_SEGMENT = 16  # positions whose logits are held at once while checkpointing


class Loss(NamedTuple):
    """`total` is what is minimised; `cross_entropy` alone is in nats per position. Both scalars."""

    total: Tensor
    cross_entropy: Tensor


def window_loss(
    model: RecurrentModel[Any], window: Window, state: RecurrentState, config: TrainingConfig
) -> tuple[Loss, RecurrentState]:
    """The loss of a window, each position told by its true predecessors (teacher forcing).

    With `config.gradient_checkpointing` (Chen et al. 2016) the inside of the layers and the logits
    are not kept for the way back but computed again: the same gradients, less memory.
    """
    again = config.gradient_checkpointing
    run = _recomputed if again else _called
    features, state = model.features(window.tokens, window.artists, state, run)
    length = window.tokens.size(1)
    step = _READOUT_SEGMENT if again else length
    plain = smooth = features.outputs.new_zeros(())
    for start in range(0, length, step):
        part = slice(start, start + step)
        arguments = (features.outputs[:, part], features.artist[:, part], window.targets[:, part])
        read = _read_out(model, config.label_smoothing)
        values = checkpoint(read, *arguments, use_reentrant=False) if again else read(*arguments)
        plain, smooth = plain + values[0], smooth + values[1]
    num_targets = window.num_targets.clamp(min=1)
    cross_entropy = plain / num_targets
    total = torch.lerp(cross_entropy, smooth / num_targets, config.label_smoothing)
    if config.activation_regularisation:
        total = total + config.activation_regularisation * features.outputs.square().mean()
    if config.temporal_regularisation:
        change = features.undropped.diff(dim=1)
        total = total + config.temporal_regularisation * change.square().mean()
    return Loss(total, cross_entropy), state


def _read_out(
    model: RecurrentModel[Any], label_smoothing: float
) -> Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]:
    def read(outputs: Tensor, artist: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Summed nats: of the targets, and of equally likely ones (label smoothing)."""
        values = model.readout(outputs, artist)
        plain = model.nats(values, targets).sum()
        if not label_smoothing:
            return plain, plain.detach()
        return plain, model.even_nats(values, targets).sum()

    return read


def _called(
    layer: RecurrentLayer, inputs: Tensor, hidden: Tensor, cell: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    outputs: tuple[Tensor, Tensor, Tensor] = layer(inputs, hidden, cell)
    return outputs


def _recomputed(
    layer: RecurrentLayer, inputs: Tensor, hidden: Tensor, cell: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    outputs: tuple[Tensor, Tensor, Tensor] = checkpoint(
        layer, inputs, hidden, cell, use_reentrant=False
    )
    return outputs

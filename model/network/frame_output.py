"""From a context to the keys of a frame: how likely they are together, and drawing them."""

from abc import ABC, abstractmethod
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.config import FrameModelConfig


class FrameDraw(NamedTuple):
    """How to draw the frames of some rows.

    `noise` (rows, num_keys) is uniform in (0, 1); `temperature` (rows,) is above 0; `is_allowed`
    (rows, num_keys) says which keys may sound, `max_keys` (rows,), int64, how many at once. `lean`
    (rows, num_keys) is added to the log-odds of each key.
    """

    noise: Tensor
    temperature: Tensor
    is_allowed: Tensor
    max_keys: Tensor
    lean: Tensor


class FrameOutput(nn.Module, ABC):
    """The distribution of a frame given a context (…, context_size)."""

    context_size: int

    @abstractmethod
    def nats(self, context: Tensor, keys: Tensor) -> Tensor:
        """The cost of frames of keys (frames, num_keys), 0 or 1: (frames,)."""

    @abstractmethod
    def draw(self, context: Tensor, draw: FrameDraw) -> Tensor:
        """Frames (rows, num_keys), bool."""


class BernoulliOutput(FrameOutput):
    """Each key by itself: the context is its logits (Boulanger-Lewandowski et al. 2012)."""

    def __init__(self, num_keys: int) -> None:
        super().__init__()
        self.context_size = num_keys

    def nats(self, context: Tensor, keys: Tensor) -> Tensor:
        return _nats_of_keys(context, keys)

    def draw(self, context: Tensor, draw: FrameDraw) -> Tensor:
        sounds = _is_drawn(context, draw)
        # From the highest key down, as NADE does: what is too much is left out below.
        rank = sounds.flip(1).cumsum(1).flip(1)
        return sounds & (rank <= draw.max_keys.unsqueeze(1))


class NadeOutput(FrameOutput):
    """Each key told of those above it (NADE, Larochelle & Murray 2011; in a recurrent network,
    Boulanger-Lewandowski et al. 2012). The context is the bias of every key and hidden unit.

    A melody is on top, and what lies below goes with it: so keys are drawn from the highest down.
    """

    def __init__(self, num_keys: int, hidden_size: int) -> None:
        super().__init__()
        self.num_keys, self.hidden_size = num_keys, hidden_size
        self.context_size = num_keys + hidden_size
        self.weight_in = nn.Parameter(torch.empty(num_keys, hidden_size))
        self.weight_out = nn.Parameter(torch.empty(num_keys, hidden_size))
        nn.init.normal_(self.weight_in, std=hidden_size**-0.5)
        nn.init.normal_(self.weight_out, std=hidden_size**-0.5)

    def nats(self, context: Tensor, keys: Tensor) -> Tensor:
        biases, hidden = context[:, : self.num_keys], context[:, self.num_keys :]
        # The hidden units differ only from one key that sounds to the next below it: they are
        # computed once for each of those, and every key takes its logit from where it lies.
        num_sounding = keys.sum(1)
        most = int(num_sounding.max()) if len(keys) else 0
        number = torch.arange(self.num_keys, device=keys.device)
        sounding = torch.where(keys > 0, number, -1).topk(most, dim=1).values  # highest first
        added = self.weight_in[sounding.clamp(min=0)] * (sounding >= 0).unsqueeze(-1)
        units = torch.cat([hidden.unsqueeze(1), added], 1).cumsum(1).sigmoid()
        num_above = (num_sounding.unsqueeze(1) - keys.cumsum(1)).long()
        from_units = (units @ self.weight_out.t()).gather(1, num_above.unsqueeze(1)).squeeze(1)
        return _nats_of_keys(biases + from_units, keys)

    def draw(self, context: Tensor, draw: FrameDraw) -> Tensor:
        """As key after key from the highest down, but from one that sounds to the next: between
        them nothing changes for those below.
        """
        biases, hidden = context[:, : self.num_keys], context[:, self.num_keys :]
        number = torch.arange(self.num_keys, device=context.device)
        sounds = torch.zeros_like(draw.is_allowed)
        is_open = draw.is_allowed  # which keys are still to be drawn
        for _ in range(int(draw.max_keys.max())):
            # A sum for each row: a matrix product may round by the number of rows.
            logits = biases + (hidden.sigmoid().unsqueeze(1) * self.weight_out).sum(-1)
            drawn = _is_drawn(logits, draw) & is_open & (sounds.sum(1) < draw.max_keys)[:, None]
            if not bool(drawn.any()):
                break
            highest = torch.where(drawn, number, -1).amax(1)
            has_key = highest >= 0
            is_highest = (number == highest.unsqueeze(1)) & has_key.unsqueeze(1)
            sounds = sounds | is_highest
            added = self.weight_in[highest.clamp(min=0)]
            hidden = torch.where(has_key.unsqueeze(1), hidden + added, hidden)
            is_open = is_open & (number < highest.unsqueeze(1))
        return sounds


def build_frame_output(config: FrameModelConfig) -> FrameOutput:
    """The kind of output that `config` asks for."""
    if config.output == "bernoulli":
        return BernoulliOutput(config.num_keys)
    return NadeOutput(config.num_keys, config.nade_size)


def _nats_of_keys(logits: Tensor, keys: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(logits, keys, reduction="none").sum(-1)


def _is_drawn(logits: Tensor, draw: FrameDraw) -> Tensor:
    likely = ((logits + draw.lean) / draw.temperature.unsqueeze(1)).sigmoid()
    return (draw.noise < likely) & draw.is_allowed

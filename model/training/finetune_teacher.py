"""The live model as a teacher: what it holds likely next, where a fine-tune reads old songs again.

Learning without Forgetting (Li & Hoiem 2016): the whole distribution says far more of what must not
be forgotten than the one token that a song went on with, and pulls nowhere as long as nothing is.
"""

from collections.abc import Collection
from typing import Any

import torch
from torch import Tensor

from model.corpus.stream import NO_TARGET, Window
from model.network.recurrent_model import RecurrentModel
from model.network.state import RecurrentState
from model.training.loss import Loss
from model.training.trainer import state_before


class Teacher:
    """Reads each window before its pupil does; `learned` are the artists that it cannot teach."""

    def __init__(self, live: RecurrentModel[Any], learned: Collection[int]) -> None:
        self._live = live
        self._learned = torch.tensor(sorted(learned), device=live.output_bias.device)
        self.carried: RecurrentState | None = None  # from the end of the last window

    def loss(self, logits: Tensor, window: Window) -> Loss:
        """Cross entropy of a pupil's logits (batch, time, vocab_size).

        Against the next token in songs of learned artists, else against the teacher's distribution.
        """
        log_probs = logits.log_softmax(-1)
        nats = -log_probs.gather(-1, window.targets.clamp(min=0).unsqueeze(-1)).squeeze(-1)
        taught = -(self._probabilities(window) * log_probs).sum(-1)
        is_learned = torch.isin(window.artists, self._learned)
        mean = torch.where(is_learned, nats, taught)[window.targets != NO_TARGET].mean()
        return Loss(mean, mean.detach())

    @torch.no_grad()
    def _probabilities(self, window: Window) -> Tensor:
        before = state_before(self._live, window, self.carried)
        logits, self.carried = self._live(window.tokens, window.artists, before)
        probabilities: Tensor = logits.softmax(-1)
        return probabilities

"""Judged verses as a lesson: how far a model leans to those that were liked, against the live one.

KTO (Ethayarajh et al. 2024, "Model Alignment as Prospect Theoretic Optimization"): each verse is
judged by itself, as votes do, and needs no better or worse twin.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence

from model.checkpoint import Checkpoint
from model.corpus.stream import NO_TARGET
from model.network.recurrent_model import RecurrentModel
from model.verse import prompt_of

_READ_TOGETHER = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedVerse:
    """A verse as it was shown, and what people thought of it: from -1, disliked, to 1, liked.

    `seed` opens the text and `context` stood before it; neither was the model's to choose.
    """

    artist: str
    text: str
    weight: float
    seed: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class EncodedVerse:
    """Tokens (length,) from the start mark to the end of the last line; the first are given."""

    tokens: Tensor
    num_given: int
    artist: int
    weight: float

    @property
    def num_chosen(self) -> int:
        """How many of the tokens were the model's own."""
        return self.tokens.numel() - self.num_given

    @property
    def targets(self) -> Tensor:
        """The next token (length,) at each place where the model chose it."""
        following = F.pad(self.tokens[1:], (0, 1), value=NO_TARGET)
        following[: self.num_given - 1] = NO_TARGET
        return following


def encode_verses(verses: Iterable[JudgedVerse], checkpoint: Checkpoint) -> list[EncodedVerse]:
    """As the model wrote them; verses of unknown artists or of no words of its own are left out.

    No end mark: a verse ends because enough lines were asked for.
    """
    tokenizer = checkpoint.tokenizer
    rows = {name: row for row, name in enumerate(checkpoint.artists)}
    encoded = []
    for verse in verses:
        seed = verse.seed if verse.text.startswith(verse.seed) else ""
        given = prompt_of(tokenizer, seed, verse.context)
        chosen = tokenizer.encode(f"{verse.text[len(seed) :]}\n")
        if verse.artist in rows and verse.text[len(seed) :].strip():
            tokens = torch.tensor([*given, *chosen])
            encoded.append(EncodedVerse(tokens, len(given), rows[verse.artist], verse.weight))
    return encoded


def log_probabilities(model: RecurrentModel[Any], verses: Sequence[EncodedVerse]) -> Tensor:
    """Nats (verses,) of what the model chose in each, without dropout: its noise would be larger
    than what is learned. Gradients flow; the model is left in the mode it was in.
    """
    device = model.output_bias.device
    tokens = pad_sequence([verse.tokens for verse in verses], True).to(device)
    targets = pad_sequence([verse.targets for verse in verses], True, NO_TARGET).to(device)
    artists = torch.tensor([verse.artist for verse in verses], device=device)
    before = model.initial_state(model.artist_vectors(artists))
    was_training = model.training
    # cuDNN goes back through a recurrent layer in training mode only.
    with torch.backends.cudnn.flags(enabled=False):
        model.eval()
        logits, _ = model(tokens, artists.unsqueeze(1).expand_as(tokens), before)
        model.train(was_training)
    nats = F.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=NO_TARGET, reduction="none"
    )
    return -nats.view_as(targets).sum(1)


@torch.no_grad()
def frozen_log_probabilities(model: RecurrentModel[Any], verses: Sequence[EncodedVerse]) -> Tensor:
    """The same for any number of verses, for reference."""
    parts = [
        log_probabilities(model, verses[start : start + _READ_TOGETHER])
        for start in range(0, len(verses), _READ_TOGETHER)
    ]
    return torch.cat(parts) if parts else model.output_bias.new_zeros(0)


def kto_loss(log_ratios: Tensor, weights: Tensor, beta: float) -> Tensor:
    """The mean over verses of 1 - sigmoid(+-beta (r - z0)), each times the size of its weight.

    `log_ratios` r (verses,) are nats by the policy less nats by the frozen reference, `weights`
    (verses,) above zero for what was liked. The reference point z0 is the mean of r, without
    gradient and never below zero: what all verses gain alike is no merit of the liked ones.
    """
    reference_point = log_ratios.detach().mean().clamp(min=0)
    gains = weights.sign() * beta * (log_ratios - reference_point)
    return (weights.abs() * (1 - gains.sigmoid())).mean()


def balanced_weights(weights: Tensor) -> Tensor:
    """Weights (verses,) of which liked and disliked ones count alike, 1 in the mean over all.

    The lambdas of KTO, by what the two sides weigh. A side without the other counts for half.
    """
    liked, disliked = weights.clamp(min=0).sum(), -weights.clamp(max=0).sum()
    side = torch.where(weights > 0, liked, disliked)
    return weights * len(weights) / (2 * side.clamp(min=1e-9))


class Margin(NamedTuple):
    nats: float
    standard_error: float


def margin(log_ratios: Tensor, weights: Tensor) -> Margin:
    """Nats that liked verses gained on disliked ones, by weight; 0 where there are none."""
    sizes = weights.abs()
    total = sizes.sum().clamp(min=1e-9)
    nats = (log_ratios * weights).sum() / total
    deviations = log_ratios * weights - sizes * nats
    return Margin(float(nats), float(deviations.square().sum().sqrt() / total))

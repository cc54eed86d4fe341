"""What may be drawn: penalties and truncations of the next token's distribution, row by row."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

NUM_CANDIDATES = 128
"""Tokens considered at most where top-k, top-p or typical cuts the distribution.

`top_p` and `typical_p` are shares of what these tokens hold together: on average 86 % of everything
with the starter checkpoint (4,096 tokens) at temperature 1, all of it with up to 128 characters.
"""

_FORBIDDEN = -math.inf
_GROUP = 8


class Candidates(NamedTuple):
    """The best tokens of each row, best first: `logits` and `tokens`, each (rows, candidates)."""

    logits: Tensor
    tokens: Tensor


def sums_in(values: Tensor) -> torch.dtype:
    """In what to add up the numbers of a row.

    A GPU adds in an order that depends on how many rows there are. In double precision that moves
    a sum by one part in 10^16, too little to decide what is drawn.
    """
    return torch.float64 if values.is_cuda else values.dtype


def penalise_repetition(logits: Tensor, recent: Tensor, penalty: Tensor, exempt_id: int) -> Tensor:
    """Divide the probability of the tokens in `recent` by `penalty`, once each.

    `recent` (rows, window), `penalty` (rows,); `exempt_id` (the newline) is never penalised. In
    contrast to the penalty of CTRL (Keskar et al. 2019) the effect does not depend on where the
    logits have their zero.
    """
    cost = penalty.log().unsqueeze(1).masked_fill(recent == exempt_id, 0.0)
    return logits.scatter(1, recent, logits.gather(1, recent) - cost)


def best_candidates(logits: Tensor, num_candidates: int = NUM_CANDIDATES) -> Candidates:
    """The `num_candidates` tokens of each row with the highest logits, best first.

    Where the vocabulary is large it is cut into `_GROUP`s first: the best n tokens all lie in the n
    groups with the highest maxima, and two small searches take half the time of one large search.
    """
    num_rows, vocab_size = logits.shape
    num_candidates = min(num_candidates, vocab_size)
    num_groups = vocab_size // _GROUP
    if vocab_size % _GROUP or num_groups <= 2 * num_candidates:
        return Candidates(*logits.topk(num_candidates, dim=1))
    maxima = logits.view(num_rows, _GROUP, num_groups).amax(dim=1)
    groups = maxima.topk(num_candidates, dim=1, sorted=False).indices
    members = torch.arange(0, vocab_size, num_groups, device=logits.device)
    tokens = (groups.unsqueeze(1) + members.view(1, -1, 1)).flatten(1)
    best = logits.gather(1, tokens).topk(num_candidates, dim=1)
    return Candidates(best.values, tokens.gather(1, best.indices))


def apply_temperature(logits: Tensor, temperature: Tensor) -> Tensor:
    """Divide by `temperature` (rows,); rows with temperature 0 stay as they are (see `draw`)."""
    return logits / torch.where(temperature > 0, temperature, 1.0).unsqueeze(1)


def keep_top_k(logits: Tensor, top_k: Tensor) -> Tensor:
    """Forbid what comes after the first `top_k` (rows,) of sorted `logits`; 0 keeps all."""
    rank = torch.arange(logits.size(1), device=logits.device)
    return logits.masked_fill((rank >= top_k.unsqueeze(1)) & (top_k > 0).unsqueeze(1), _FORBIDDEN)


def keep_top_p(logits: Tensor, top_p: Tensor) -> Tensor:
    """Keep the smallest head of sorted `logits` with a probability of `top_p` (rows,) in all.

    Nucleus sampling (Holtzman et al. 2020).
    """
    probabilities = logits.softmax(dim=1)
    before = probabilities.cumsum(dim=1, dtype=sums_in(probabilities)) - probabilities
    beyond = (before >= top_p.unsqueeze(1)) & (top_p < 1).unsqueeze(1)
    beyond[:, 0].fill_(False)
    return logits.masked_fill(beyond, _FORBIDDEN)


def keep_typical(logits: Tensor, typical_p: Tensor) -> Tensor:
    """Keep the tokens whose surprise is nearest to the entropy, `typical_p` (rows,) likely in all.

    Locally typical sampling (Meister et al. 2023): the smallest such set, which need not hold the
    likeliest token. Any order will do; what is forbidden already stays so.
    """
    log_probabilities = logits.log_softmax(dim=1)
    probabilities = log_probabilities.exp()
    kind = sums_in(probabilities)
    entropy = torch.special.entr(probabilities).sum(dim=1, keepdim=True, dtype=kind)
    order = (-log_probabilities - entropy).abs().argsort(dim=1, stable=True)
    in_order = probabilities.gather(1, order)
    before = in_order.cumsum(dim=1, dtype=kind) - in_order
    beyond = (before >= typical_p.unsqueeze(1)) & (typical_p < 1).unsqueeze(1)
    beyond[:, 0].fill_(False)
    return logits.masked_fill(beyond.scatter(1, order, beyond), _FORBIDDEN)

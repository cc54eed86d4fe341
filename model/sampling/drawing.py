"""From logits to the next token, by the Gumbel-max trick."""

import torch
from torch import Tensor

from model.sampling.filters import (
    Candidates,
    apply_temperature,
    best_candidates,
    keep_top_k,
    keep_top_p,
    keep_typical,
    sums_in,
)
from model.sampling.noise import gumbel, uniform
from model.sampling.parameters import SamplingRows


def sample(
    logits: Tensor,
    parameters: SamplingRows,
    streams: Tensor,
    positions: Tensor,
    *,
    is_plain: bool = False,
) -> Tensor:
    """The next token (rows,) from logits (rows, vocab_size); those at -inf are never drawn.

    `streams` and `positions` (rows,) are those of the noise. Rows that cut nothing off draw from
    the whole vocabulary, all others from their best candidates. `is_plain` says that every row
    `is_plain`, and leaves out the stages that would change nothing then. No value is looked at from
    the host, so that a device can do all of it unattended.
    """
    best = best_candidates(logits)
    kept = apply_temperature(best.logits, parameters.temperature)
    kept = keep_top_p(keep_top_k(kept, parameters.top_k), parameters.top_p)
    if not is_plain:
        kept = keep_typical(kept, parameters.typical_p)
    noise = uniform(streams, positions, best.tokens)
    drawn = draw(Candidates(kept, best.tokens), parameters.temperature, noise)
    has_more = best.tokens.size(1) < logits.size(1)
    if is_plain or not has_more:
        return drawn
    is_open = parameters.is_open & (parameters.temperature > 0)  # it may be 0 inside lines
    no_token = torch.full_like(drawn, logits.size(1)).unsqueeze(1)
    noise = uniform(streams, positions, no_token)
    everywhere = draw_from_all(logits, parameters.temperature, noise)
    return torch.where(is_open, everywhere, drawn)


def draw(candidates: Candidates, temperature: Tensor, noise: Tensor) -> Tensor:
    """One token (rows,) by the Gumbel-max trick; `noise` (rows, candidates) is uniform in (0, 1).

    Rows with temperature 0 take their first, best candidate.
    """
    choice = (candidates.logits + gumbel(noise)).argmax(dim=1)
    choice = choice.masked_fill(temperature == 0, 0)
    return candidates.tokens.gather(1, choice.unsqueeze(1)).squeeze(1)


def draw_from_all(logits: Tensor, temperature: Tensor, noise: Tensor) -> Tensor:
    """One token (rows,) of the whole vocabulary; `noise` (rows, 1) is uniform in (0, 1].

    By inversion of the cumulative distribution, in the order of the token ids: the same
    distribution as `draw` over every token (to single precision), from one number instead of one
    for each.
    """
    below_best = logits - logits.amax(dim=1, keepdim=True)
    # In place: the pages of fresh megabytes take longer than what is computed in them.
    shares = below_best.div_(temperature.clamp(min=1e-6).unsqueeze(1)).exp_()
    cumulative = shares.to(sums_in(shares)).cumsum_(dim=1)
    # The first sum that reaches the number: as that is above 0 and at most the last sum, the token
    # found has added something, so what is forbidden is never found.
    wanted = noise.to(cumulative.dtype) * cumulative[:, -1:]
    return torch.searchsorted(cumulative, wanted).squeeze(1)

"""Choosing the next token: pure functions over (logits, parameters, noise), one row a sequence.

The order is: repetition penalty, the `NUM_CANDIDATES` best tokens, temperature, top-k, top-p, and
one draw by the Gumbel-max trick. Nothing looks past its own row, so a row's token does not depend
on the rows beside it.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

NUM_CANDIDATES = 128
"""Tokens considered at most: what lies behind them is never drawn, whatever the temperature."""

MAX_TEMPERATURE = 5.0
MAX_REPETITION_PENALTY = 1000.0
_FORBIDDEN = -math.inf
_GROUP = 8


@dataclass(frozen=True, slots=True)
class SamplingParameters:
    """How freely to draw. Raises ValueError with one sentence when a value is impossible.

    `temperature` 0 always takes the best token. `top_k` 0 and `top_p` 1 keep every candidate. A
    token of the recent window is drawn as if it were `repetition_penalty` times less likely (before
    temperature; 1 changes nothing).
    """

    temperature: float = 0.8
    top_k: int = 0
    top_p: float = 0.9
    repetition_penalty: float = 1.2

    def __post_init__(self) -> None:
        if not 0 <= self.temperature <= MAX_TEMPERATURE:
            raise ValueError(
                f"temperature must lie between 0 and {MAX_TEMPERATURE:g}, not {self.temperature}."
            )
        if self.top_k < 0:
            raise ValueError(f"top_k must be 0 (off) or a number of tokens, not {self.top_k}.")
        if not 0 < self.top_p <= 1:
            raise ValueError(f"top_p must lie above 0 and at most at 1 (off), not {self.top_p}.")
        if not 1 <= self.repetition_penalty <= MAX_REPETITION_PENALTY:
            raise ValueError(
                f"repetition_penalty must lie between 1 (off) and {MAX_REPETITION_PENALTY:g},"
                f" not {self.repetition_penalty}."
            )


class SamplingRows(NamedTuple):
    """`SamplingParameters` of many sequences, each (rows,): float32, int64, float32, float32."""

    temperature: Tensor
    top_k: Tensor
    top_p: Tensor
    repetition_penalty: Tensor


class Candidates(NamedTuple):
    """The best tokens of each row, best first: `logits` and `tokens`, each (rows, candidates)."""

    logits: Tensor
    tokens: Tensor


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
    before = probabilities.cumsum(dim=1) - probabilities
    beyond = (before >= top_p.unsqueeze(1)) & (top_p < 1).unsqueeze(1)
    beyond[:, 0] = False
    return logits.masked_fill(beyond, _FORBIDDEN)


def draw(candidates: Candidates, temperature: Tensor, noise: Tensor) -> Tensor:
    """One token (rows,) by the Gumbel-max trick; `noise` (rows, candidates) is uniform in (0, 1).

    Rows with temperature 0 take their best candidate.
    """
    gumbel = -(-noise.log()).log()
    gumbel = torch.where((temperature > 0).unsqueeze(1), gumbel, 0.0)
    choice = (candidates.logits + gumbel).argmax(dim=1, keepdim=True)
    return candidates.tokens.gather(1, choice).squeeze(1)


def sample(
    logits: Tensor, parameters: SamplingRows, rng_seeds: Tensor, positions: Tensor
) -> Tensor:
    """The next token (rows,) from logits (rows, vocab_size); those at -inf are never drawn."""
    best = best_candidates(logits)
    scaled = apply_temperature(best.logits, parameters.temperature)
    kept = keep_top_p(keep_top_k(scaled, parameters.top_k), parameters.top_p)
    noise = uniform(rng_seeds, positions, best.tokens)
    return draw(Candidates(kept, best.tokens), parameters.temperature, noise)


def uniform(rng_seeds: Tensor, positions: Tensor, tokens: Tensor) -> Tensor:
    """Uniform float64 noise (rows, num) in (0, 1): a hash of seed, position and token.

    Seeds and positions (rows,) and tokens (rows, num) are int64. Noise belongs to the token rather
    than to its rank: where rounding swaps two nearly equal candidates, the draw stays the same.
    """
    stream = _mix(_mix(rng_seeds + _GOLDEN_GAMMA) + positions * _GOLDEN_GAMMA)
    bits = _mix(stream.unsqueeze(1) + (tokens + 1) * _GOLDEN_GAMMA)
    return (_shift_right(bits, 12).double() + 0.5) * 2.0**-52


def _mix(bits: Tensor) -> Tensor:
    """The finaliser of SplitMix64 (Steele, Lea & Flood 2014); int64 wraps as uint64 does."""
    bits = (bits ^ _shift_right(bits, 30)) * _signed(0xBF58476D1CE4E5B9)
    bits = (bits ^ _shift_right(bits, 27)) * _signed(0x94D049BB133111EB)
    return bits ^ _shift_right(bits, 31)


def _shift_right(bits: Tensor, num_bits: int) -> Tensor:
    """Shift in zeros: torch's int64 shift would copy the sign."""
    return (bits >> num_bits) & ((1 << (64 - num_bits)) - 1)


def _signed(constant: int) -> int:
    return constant - (1 << 64) if constant >= 1 << 63 else constant


_GOLDEN_GAMMA = _signed(0x9E3779B97F4A7C15)

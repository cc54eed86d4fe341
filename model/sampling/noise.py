"""Noise without a generator: a hash of seed, position and token, the same in any batch."""

from collections.abc import Iterable

from torch import Tensor

_WORD = 1 << 64


def noise_streams(rng_seeds: Iterable[int]) -> list[int]:
    """The streams of noise of several seeds, as int64; computed once a verse."""
    return [_signed(_mix_number((seed + _GOLDEN_GAMMA) % _WORD)) for seed in rng_seeds]


def uniform(streams: Tensor, positions: Tensor, tokens: Tensor) -> Tensor:
    """Uniform float64 noise (rows, num) in (0, 1): a hash of stream, position and token.

    Streams and positions (rows,) and tokens (rows, num) are int64. Noise belongs to the token
    rather than to its rank: where rounding swaps two nearly equal candidates, the draw stays the
    same.
    """
    here = _mix(streams + positions * _GOLDEN_GAMMA)
    bits = _mix(here.unsqueeze(1) + (tokens + 1) * _GOLDEN_GAMMA)
    return (_shift_right(bits, 12).double() + 0.5) * 2.0**-52


def gumbel(noise: Tensor) -> Tensor:
    """Uniform noise in (0, 1) as noise of the standard Gumbel distribution.

    The highest of logits + Gumbel noise is a draw from their softmax (Gumbel 1954; Maddison et al.
    2014).
    """
    return -(-noise.log()).log()


def _mix(bits: Tensor) -> Tensor:
    """The finaliser of SplitMix64 (Steele, Lea & Flood 2014); int64 wraps as uint64 does."""
    bits = (bits ^ _shift_right(bits, 30)) * _signed(0xBF58476D1CE4E5B9)
    bits = (bits ^ _shift_right(bits, 27)) * _signed(0x94D049BB133111EB)
    return bits ^ _shift_right(bits, 31)


def _mix_number(bits: int) -> int:
    """The same of one number, 0 to 2**64 - 1: many times faster than by tensors."""
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) % _WORD
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) % _WORD
    return bits ^ (bits >> 31)


def _shift_right(bits: Tensor, num_bits: int) -> Tensor:
    """Shift in zeros: torch's int64 shift would copy the sign."""
    return (bits >> num_bits) & ((1 << (64 - num_bits)) - 1)


def _signed(constant: int) -> int:
    return constant - (1 << 64) if constant >= 1 << 63 else constant


_GOLDEN_GAMMA = _signed(0x9E3779B97F4A7C15)

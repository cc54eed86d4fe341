"""Random logits, strategies and statistics that the tests of sampling share."""

import torch
from hypothesis import strategies as st
from torch import Tensor

from model.sampling import SamplingParameters, SamplingRows, noise_streams, sample

seeds = st.integers(0, 2**32 - 1)
rng_seeds = st.integers(0, 2**63 - 1)


def random_logits(seed: int, num_rows: int, vocab_size: int) -> Tensor:
    return torch.randn(num_rows, vocab_size, generator=torch.Generator().manual_seed(seed)) * 3


def streams_of(rng_seeds: Tensor) -> Tensor:
    """(rows,), int64 both."""
    return torch.tensor(noise_streams(rng_seeds.tolist()))


def sample_many(
    logits: Tensor, parameters: SamplingParameters, num_draws: int, first_seed: int = 0
) -> Tensor:
    """Tokens drawn from one row of logits (vocab_size,), each with a seed of its own."""
    return sample(
        logits.expand(num_draws, -1),
        SamplingRows.of([parameters] * num_draws),
        streams_of(torch.arange(first_seed, first_seed + num_draws)),
        torch.zeros(num_draws, dtype=torch.int64),
    )


def chi_square(counts: Tensor, expected: Tensor) -> float:
    return float(((counts - expected) ** 2 / expected).sum())

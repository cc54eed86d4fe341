"""Noise is the published hash: uniform, and unrelated along every argument."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from model.sampling import uniform
from tests.model.sampling.helpers import chi_square, rng_seeds, streams_of


@given(rng_seeds, st.integers(0, 2**40), st.integers(0, 2**20))
def test_noise_is_the_published_hash(seed: int, position: int, token: int) -> None:
    mask, gamma = (1 << 64) - 1, 0x9E3779B97F4A7C15

    def mix(bits: int) -> int:
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9 & mask
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB & mask
        return bits ^ (bits >> 31)

    stream = mix((mix((seed + gamma) & mask) + position * gamma) & mask)
    expected = ((mix((stream + (token + 1) * gamma) & mask) >> 12) + 0.5) * 2.0**-52
    noise = uniform(
        streams_of(torch.tensor([seed])), torch.tensor([position]), torch.tensor([[token]])
    )
    assert noise.item() == expected
    assert 0 < noise.item() < 1


@pytest.mark.parametrize("varied", ["seed", "position", "token"])
def test_noise_is_uniform_and_uncorrelated_along_each_argument(varied: str) -> None:
    num, count, nought = 65_536, torch.arange(65_536), torch.zeros(65_536, dtype=torch.int64)
    noise = uniform(
        streams_of(count if varied == "seed" else nought + 7),
        count if varied == "position" else nought + 3,
        (count if varied == "token" else nought + 11).unsqueeze(1),
    ).squeeze(1)
    counts = torch.histc(noise, bins=256, min=0, max=1)
    # 255 degrees of freedom: 390 is beyond the 1 - 1e-7 quantile.
    assert chi_square(counts, torch.full_like(counts, num / 256)) < 390
    for lag in (1, 2, 64):
        pairs = torch.stack([noise[:-lag], noise[lag:]])
        assert abs(float(torch.corrcoef(pairs)[0, 1])) < 5 / math.sqrt(num)


@given(rng_seeds, st.integers(0, 62), st.integers(0, 2000))
def test_noise_of_seeds_one_bit_apart_is_unrelated(seed: int, bit: int, position: int) -> None:
    tokens = torch.arange(512).expand(2, -1)
    streams = streams_of(torch.tensor([seed, seed ^ (1 << bit)]))
    noise = uniform(streams, torch.full((2,), position), tokens)
    assert abs(float(torch.corrcoef(noise)[0, 1])) < 0.3  # 6.8 standard errors

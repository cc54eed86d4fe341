"""Draws come as often as they should, from what may be drawn, and no row sees another."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from model.sampling import (
    STRATEGIES,
    Candidates,
    SamplingParameters,
    SamplingRows,
    draw,
    draw_from_all,
    sample,
)
from tests.model.sampling.helpers import (
    chi_square,
    random_logits,
    rng_seeds,
    sample_many,
    seeds,
)


@given(seeds, rng_seeds)
def test_temperature_zero_takes_the_best_token(seed: int, rng_seed: int) -> None:
    logits = random_logits(seed, 1, 300)
    rows = SamplingRows.filled(1, SamplingParameters(temperature=0))
    token = sample(logits, rows, torch.tensor([rng_seed]), torch.tensor([5]))
    assert token.item() == logits.argmax().item()


@pytest.mark.parametrize("temperature", [0.5, 1.0, 1.7])
def test_tokens_come_as_often_as_their_probability(temperature: float) -> None:
    logits, num_draws = random_logits(3, 1, 10)[0] / 3, 40_000
    parameters = SamplingParameters(temperature=temperature, top_p=1.0)
    counts = sample_many(logits, parameters, num_draws).bincount(minlength=10)
    expected = (logits.double() / temperature).softmax(0) * num_draws
    assert chi_square(counts, expected) < 45  # 9 degrees of freedom: beyond the 1 - 1e-6 quantile


def test_draws_respect_top_k_and_top_p_together() -> None:
    logits = torch.tensor([0.4, 0.3, 0.2, 0.06, 0.04]).log()
    drawn = sample_many(logits, SamplingParameters(temperature=1.0, top_k=4, top_p=0.7), 5_000)
    assert set(drawn.tolist()) == {0, 1}
    drawn = sample_many(logits, SamplingParameters(temperature=1.0, top_k=3, top_p=1.0), 5_000)
    assert set(drawn.tolist()) == {0, 1, 2}


@given(seeds, rng_seeds)
def test_a_forbidden_token_is_never_drawn(seed: int, rng_seed: int) -> None:
    logits = random_logits(seed, 1, 50)
    logits[0, logits.argmax()] = -math.inf
    logits[0, 10:] = -math.inf
    rows = SamplingRows.filled(1, SamplingParameters(temperature=5.0, top_p=1.0))
    token = sample(logits, rows, torch.tensor([rng_seed]), torch.tensor([1]))
    assert logits[0, token].isfinite()


@settings(max_examples=25)
@given(st.data(), st.integers(2, 64), st.sampled_from([40, 1024, 4096]))
def test_a_row_is_drawn_alone_as_among_others(
    data: st.DataObject, num_rows: int, vocab_size: int
) -> None:
    logits = random_logits(data.draw(seeds), num_rows, vocab_size)
    generator = torch.Generator().manual_seed(data.draw(seeds))
    rows = SamplingRows(
        torch.rand(num_rows, generator=generator) * 2,
        torch.randint(0, 60, (num_rows,), generator=generator),
        torch.rand(num_rows, generator=generator) * 0.99 + 0.01,
        torch.ones(num_rows),
    )
    keys = torch.randint(0, 2**62, (2, num_rows), generator=generator)
    together = sample(logits, rows, keys[0], keys[1])
    row = data.draw(st.integers(0, num_rows - 1))
    own = slice(row, row + 1)
    alone = sample(
        logits[own], SamplingRows(*(each[own] for each in rows)), keys[0, own], keys[1, own]
    )
    assert alone.item() == together[row].item()


def test_a_draw_is_the_candidate_with_the_highest_perturbed_logit() -> None:
    candidates = Candidates(torch.tensor([[1.0, 0.0]]), torch.tensor([[30, 40]]))
    noise = torch.tensor([[0.1, 0.9]], dtype=torch.float64)
    assert draw(candidates, torch.tensor([1.0]), noise).item() == 40
    assert draw(candidates, torch.tensor([0.0]), noise).item() == 30

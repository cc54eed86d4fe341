"""Properties of the sampling functions: what may be drawn, how often, and that rows do not mix."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from model.sampling import (
    NUM_CANDIDATES,
    Candidates,
    SamplingParameters,
    SamplingRows,
    apply_temperature,
    best_candidates,
    draw,
    keep_top_k,
    keep_top_p,
    penalise_repetition,
    sample,
    uniform,
)

seeds = st.integers(0, 2**32 - 1)
rng_seeds = st.integers(0, 2**63 - 1)


def random_logits(seed: int, num_rows: int, vocab_size: int) -> Tensor:
    return torch.randn(num_rows, vocab_size, generator=torch.Generator().manual_seed(seed)) * 3


def rows_of(num_rows: int, parameters: SamplingParameters) -> SamplingRows:
    return SamplingRows(
        torch.full((num_rows,), parameters.temperature),
        torch.full((num_rows,), parameters.top_k),
        torch.full((num_rows,), parameters.top_p),
        torch.full((num_rows,), parameters.repetition_penalty),
    )


def sample_many(logits: Tensor, parameters: SamplingParameters, num_draws: int) -> Tensor:
    """Tokens drawn from one row of logits (vocab_size,), each with a seed of its own."""
    return sample(
        logits.expand(num_draws, -1),
        rows_of(num_draws, parameters),
        torch.arange(num_draws),
        torch.zeros(num_draws, dtype=torch.int64),
    )


def chi_square(counts: Tensor, expected: Tensor) -> float:
    return float(((counts - expected) ** 2 / expected).sum())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", -0.1),
        ("temperature", 6.0),
        ("temperature", math.nan),
        ("top_k", -1),
        ("top_p", 0.0),
        ("top_p", 1.1),
        ("top_p", math.nan),
        ("repetition_penalty", 0.5),
        ("repetition_penalty", math.inf),
    ],
)
def test_impossible_parameters_are_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        SamplingParameters(**{name: value})  # type: ignore[arg-type]


@given(rng_seeds, st.integers(0, 2**40), st.integers(0, 2**20))
def test_noise_is_the_published_hash(seed: int, position: int, token: int) -> None:
    mask, gamma = (1 << 64) - 1, 0x9E3779B97F4A7C15

    def mix(bits: int) -> int:
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9 & mask
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB & mask
        return bits ^ (bits >> 31)

    stream = mix((mix((seed + gamma) & mask) + position * gamma) & mask)
    expected = ((mix((stream + (token + 1) * gamma) & mask) >> 12) + 0.5) * 2.0**-52
    noise = uniform(torch.tensor([seed]), torch.tensor([position]), torch.tensor([[token]]))
    assert noise.item() == expected
    assert 0 < noise.item() < 1


@pytest.mark.parametrize("varied", ["seed", "position", "token"])
def test_noise_is_uniform_and_uncorrelated_along_each_argument(varied: str) -> None:
    num, count, nought = 65_536, torch.arange(65_536), torch.zeros(65_536, dtype=torch.int64)
    noise = uniform(
        count if varied == "seed" else nought + 7,
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
    noise = uniform(torch.tensor([seed, seed ^ (1 << bit)]), torch.full((2,), position), tokens)
    assert abs(float(torch.corrcoef(noise)[0, 1])) < 0.3  # 6.8 standard errors


@given(seeds, st.integers(1, 4), st.sampled_from([5, 64, 127, 1024, 4096, 4100]))
def test_candidates_are_the_best_tokens_in_order(seed: int, num_rows: int, vocab_size: int) -> None:
    logits = random_logits(seed, num_rows, vocab_size)
    values, _ = logits.sort(dim=1, descending=True)
    best = best_candidates(logits)
    assert torch.equal(best.logits, values[:, :NUM_CANDIDATES])
    assert torch.equal(logits.gather(1, best.tokens), best.logits)
    assert all(len(set(row)) == len(row) for row in best.tokens.tolist())


@given(seeds, st.integers(0, 40))
def test_top_k_keeps_the_k_best(seed: int, top_k: int) -> None:
    logits = random_logits(seed, 1, 32).sort(descending=True).values
    kept = keep_top_k(logits, torch.tensor([top_k])).isfinite().sum()
    assert kept == (min(top_k, 32) if top_k else 32)


@given(seeds, st.floats(0.01, 0.999))
def test_top_p_keeps_the_smallest_head_that_reaches_p(seed: int, top_p: float) -> None:
    logits = random_logits(seed, 1, 32).sort(descending=True).values
    probabilities = logits.double().softmax(dim=1)[0]
    num_kept = int(keep_top_p(logits, torch.tensor([top_p])).isfinite().sum())
    assert num_kept >= 1
    assert float(probabilities[:num_kept].sum()) >= top_p - 1e-5
    assert float(probabilities[: num_kept - 1].sum()) < top_p + 1e-5


@given(seeds)
def test_top_p_of_one_keeps_everything(seed: int) -> None:
    logits = random_logits(seed, 3, 64).sort(descending=True).values
    assert torch.equal(keep_top_p(logits, torch.ones(3)), logits)


@given(seeds, st.floats(1.0, 100.0))
def test_repetition_divides_the_odds_once_and_spares_newlines(seed: int, penalty: float) -> None:
    logits = random_logits(seed, 1, 16).double()
    recent = torch.tensor([[4, 4, 9, 2]])
    penalised = penalise_repetition(logits, recent, torch.tensor([penalty]).double(), exempt_id=2)
    odds = (penalised - logits).exp()[0]
    expected = torch.ones(16, dtype=torch.float64)
    expected[[4, 9]] = 1 / penalty
    torch.testing.assert_close(odds, expected)


@given(seeds, rng_seeds)
def test_temperature_zero_takes_the_best_token(seed: int, rng_seed: int) -> None:
    logits = random_logits(seed, 1, 300)
    rows = rows_of(1, SamplingParameters(temperature=0))
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
    rows = rows_of(1, SamplingParameters(temperature=5.0, top_p=1.0))
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


def test_temperature_scales_only_its_own_row() -> None:
    scaled = apply_temperature(torch.ones(3, 2), torch.tensor([0.5, 0.0, 2.0]))
    assert scaled.tolist() == [[2.0, 2.0], [1.0, 1.0], [0.5, 0.5]]

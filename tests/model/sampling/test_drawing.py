"""Draws come as often as they should, from what may be drawn, and no row sees another."""

import math
from dataclasses import replace

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
    uniform,
)
from tests.model.sampling.helpers import (
    chi_square,
    random_logits,
    rng_seeds,
    sample_many,
    seeds,
    streams_of,
)


@given(seeds, rng_seeds)
def test_temperature_zero_takes_the_best_token(seed: int, rng_seed: int) -> None:
    logits = random_logits(seed, 1, 300)
    rows = SamplingRows.of([SamplingParameters(temperature=0)])
    token = sample(logits, rows, streams_of(torch.tensor([rng_seed])), torch.tensor([5]))
    assert token.item() == logits.argmax().item()


@pytest.mark.parametrize("temperature", [0.5, 1.0, 1.7])
@pytest.mark.parametrize("top_k", [0, 10])
def test_tokens_come_as_often_as_their_probability(temperature: float, top_k: int) -> None:
    logits, num_draws = random_logits(3, 1, 10)[0] / 3, 40_000
    parameters = SamplingParameters(temperature, top_k, top_p=1.0)
    counts = sample_many(logits, parameters, num_draws).bincount(minlength=10)
    expected = (logits.double() / temperature).softmax(0) * num_draws
    assert chi_square(counts, expected) < 45  # 9 degrees of freedom: beyond the 1 - 1e-6 quantile


@pytest.mark.parametrize("temperature", [1.0, 1.7])
def test_the_whole_of_a_large_vocabulary_is_drawn_from_where_nothing_is_cut(
    temperature: float,
) -> None:
    vocab_size, num_draws = 1000, 20_000
    logits = random_logits(5, 1, vocab_size)[0] / 2
    parameters = replace(STRATEGIES["weighted"], temperature=temperature)
    drawn = torch.cat(
        [sample_many(logits, parameters, 2_000, first) for first in range(0, num_draws, 2_000)]
    )
    probabilities = (logits.double() / temperature).softmax(0).sort(descending=True)
    counts = drawn.bincount(minlength=vocab_size)[probabilities.indices]
    bins = torch.arange(vocab_size) // 20
    expected = torch.zeros(50, dtype=torch.float64).index_add_(0, bins, probabilities.values)
    found = torch.zeros(50, dtype=torch.int64).index_add_(0, bins, counts)
    assert expected[7:].sum() > 0.1  # there is something to find beyond the candidates
    assert chi_square(found, expected * num_draws) < 120  # 49 degrees: beyond 1 - 1e-7


def test_both_ways_to_draw_find_every_token_at_its_rate() -> None:
    logits, num_draws = random_logits(9, 1, 12) / 2, 40_000
    rows, tokens = logits.expand(num_draws, -1), torch.arange(12).expand(num_draws, -1)
    numbers, nought = torch.arange(num_draws), torch.zeros(num_draws, dtype=torch.int64)
    ones = torch.ones(num_draws)
    by_gumbel = draw(Candidates(rows, tokens), ones, uniform(streams_of(numbers), nought, tokens))
    by_inversion = draw_from_all(rows, ones, uniform(streams_of(numbers), nought, tokens[:, :1]))
    expected = logits[0].double().softmax(0) * num_draws
    for drawn in (by_gumbel, by_inversion):
        assert chi_square(drawn.bincount(minlength=12), expected) < 50  # 11 degrees: 1 - 1e-6


@given(
    seeds,
    st.floats(2.0**-53, 1.0) | st.sampled_from([2.0**-53, 1 - 2.0**-53, 1.0]),
    st.sampled_from([0.0, 0.3, 1.0, 5.0]),
)
def test_inversion_never_finds_a_forbidden_token(
    seed: int, noise: float, temperature: float
) -> None:
    logits = random_logits(seed, 1, 30)
    allowed = torch.rand(30, generator=torch.Generator().manual_seed(seed)) < 0.3
    allowed[seed % 28 + 1] = True
    allowed[[0, 29]] = False
    logits[0, ~allowed] = -math.inf
    drawn = draw_from_all(
        logits, torch.tensor([temperature]), torch.tensor([[noise]], dtype=torch.float64)
    )
    assert allowed[drawn]
    if temperature == 0:
        assert drawn == logits.argmax()


def test_draws_respect_top_k_and_top_p_together() -> None:
    logits = torch.tensor([0.4, 0.3, 0.2, 0.06, 0.04]).log()
    drawn = sample_many(logits, SamplingParameters(temperature=1.0, top_k=4, top_p=0.7), 5_000)
    assert set(drawn.tolist()) == {0, 1}
    drawn = sample_many(logits, SamplingParameters(temperature=1.0, top_k=3, top_p=1.0), 5_000)
    assert set(drawn.tolist()) == {0, 1, 2}


@given(seeds, rng_seeds)
def test_top_k_of_one_is_greedy(seed: int, rng_seed: int) -> None:
    logits = random_logits(seed, 1, 300)
    rows = SamplingRows.of([SamplingParameters(temperature=3.0, top_k=1)])
    token = sample(logits, rows, streams_of(torch.tensor([rng_seed])), torch.tensor([5]))
    assert token.item() == logits.argmax().item()


def test_typical_draws_what_is_typical_and_greedy_takes_the_best_all_the_same() -> None:
    logits = torch.tensor([0.4, *[0.6 / 30] * 30]).log()
    typical = replace(STRATEGIES["typical"], typical_p=0.49)
    drawn = set(sample_many(logits, typical, 3_000).tolist())
    assert len(drawn) == 25
    assert 0 not in drawn
    assert sample_many(logits, replace(typical, temperature=0.0), 5).tolist() == [0] * 5


@pytest.mark.parametrize("vocab_size", [50, 400])
@given(seed=seeds, rng_seed=rng_seeds, name=st.sampled_from(sorted(STRATEGIES)))
def test_a_forbidden_token_is_never_drawn(
    vocab_size: int, seed: int, rng_seed: int, name: str
) -> None:
    logits = random_logits(seed, 1, vocab_size)
    logits[0, logits.argmax()] = -math.inf
    logits[0, 10:] = -math.inf
    rows = SamplingRows.of([replace(STRATEGIES[name], temperature=5.0)])
    token = sample(logits, rows, streams_of(torch.tensor([rng_seed])), torch.tensor([1]))
    assert logits[0, token].isfinite()


parameters = st.builds(
    SamplingParameters,
    temperature=st.sampled_from([0.0, 0.7, 1.0, 2.0]),
    top_k=st.sampled_from([0, 0, 1, 7, 60]),
    top_p=st.sampled_from([1.0, 1.0, 0.3, 0.95]),
    typical_p=st.sampled_from([1.0, 1.0, 0.3, 0.95]),
    greedy_inside_lines=st.booleans(),
)


@settings(max_examples=20)
@given(st.lists(parameters, min_size=1, max_size=64), seeds, st.sampled_from([40, 1024, 4096]))
def test_a_row_is_drawn_alone_as_among_others(
    mixed: list[SamplingParameters], seed: int, vocab_size: int
) -> None:
    """Rows that cut, rows that do not, greedy ones and those that are so inside lines."""
    num_rows = len(mixed)
    logits = random_logits(seed, num_rows, vocab_size)
    generator = torch.Generator().manual_seed(seed)
    is_line_start = torch.rand(num_rows, generator=generator) < 0.5
    streams, positions = torch.randint(-(2**63), 2**63 - 1, (2, num_rows), generator=generator)
    together = sample(logits, SamplingRows.of(mixed).at(is_line_start), streams, positions)
    for row in range(num_rows):
        own = slice(row, row + 1)
        rows = SamplingRows.of(mixed[own]).at(is_line_start[own])
        assert sample(logits[own], rows, streams[own], positions[own]) == together[row]


@pytest.mark.parametrize("vocab_size", [50, 400])
def test_combined_draws_at_line_starts_and_takes_the_best_inside(vocab_size: int) -> None:
    logits = random_logits(2, 1, vocab_size).expand(200, -1) / 3
    is_line_start = torch.arange(200) < 100
    rows = SamplingRows.of([STRATEGIES["combined"]] * 200).at(is_line_start)
    drawn = sample(logits, rows, streams_of(torch.arange(200)), torch.zeros(200).long())
    assert (drawn[~is_line_start] == logits[0].argmax()).all()
    assert len(set(drawn[is_line_start].tolist())) > 12


def test_rows_that_cut_and_rows_that_do_not_share_a_batch() -> None:
    logits = random_logits(4, 1, 1000).expand(200, -1) / 10
    mixed = [STRATEGIES["top-n"], STRATEGIES["weighted"]] * 100
    streams, positions = streams_of(torch.arange(200)), torch.zeros(200).long()
    drawn = sample(logits, SamplingRows.of(mixed), streams, positions)
    best = set(logits[0].topk(5).indices.tolist())
    assert set(drawn[::2].tolist()) <= best
    assert len(set(drawn[1::2].tolist())) > 60


def test_a_draw_is_the_candidate_with_the_highest_perturbed_logit() -> None:
    candidates = Candidates(torch.tensor([[1.0, 0.0]]), torch.tensor([[30, 40]]))
    noise = torch.tensor([[0.1, 0.9]], dtype=torch.float64)
    assert draw(candidates, torch.tensor([1.0]), noise).item() == 40
    assert draw(candidates, torch.tensor([0.0]), noise).item() == 30


@given(st.lists(parameters, min_size=1, max_size=8), seeds, st.sampled_from([40, 1024]))
def test_plain_rows_are_drawn_alike_whether_they_are_said_to_be_or_not(
    mixed: list[SamplingParameters], seed: int, vocab_size: int
) -> None:
    plain = [each for each in mixed if each.is_plain] or [SamplingParameters()]
    logits, numbers = random_logits(seed, len(plain), vocab_size), torch.arange(len(plain))
    rows = SamplingRows.of(plain).at(torch.zeros(len(plain), dtype=torch.bool))
    said = sample(logits, rows, numbers, numbers, is_plain=True)
    assert torch.equal(said, sample(logits, rows, numbers, numbers))

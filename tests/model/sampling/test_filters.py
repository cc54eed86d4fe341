"""What each filter keeps, and that it keeps it whatever the other rows are."""

import math
from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from model.sampling import (
    NUM_CANDIDATES,
    apply_temperature,
    best_candidates,
    keep_top_k,
    keep_top_p,
    keep_typical,
    penalise_repetition,
)
from tests.model.sampling.helpers import random_logits, seeds


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


def test_temperature_scales_only_its_own_row() -> None:
    scaled = apply_temperature(torch.ones(3, 2), torch.tensor([0.5, 0.0, 2.0]))
    assert scaled.tolist() == [[2.0, 2.0], [1.0, 1.0], [0.5, 0.5]]


@given(seeds, st.floats(0.01, 0.999), st.floats(0.2, 3.0))
def test_typical_keeps_the_smallest_most_typical_set_that_reaches_p(
    seed: int, typical_p: float, spread: float
) -> None:
    logits = random_logits(seed, 1, 32) * spread
    kept = keep_typical(logits, torch.tensor([typical_p])).isfinite()[0]
    probabilities = logits.double().softmax(dim=1)[0]
    surprise = -probabilities.log()
    strangeness = (surprise - (probabilities * surprise).sum()).abs()
    assert probabilities[kept].sum() >= typical_p - 1e-5
    if not kept.all():
        assert strangeness[kept].max() <= strangeness[~kept].min() + 1e-4
    others = kept & (strangeness < strangeness[kept].max())
    assert probabilities[others].sum() < typical_p + 1e-5


def test_the_likeliest_token_need_not_be_typical() -> None:
    logits = torch.tensor([[0.4, *[0.6 / 30] * 30]]).log()
    kept = keep_typical(logits, torch.tensor([0.49])).isfinite()[0]
    assert not kept[0]
    assert kept.sum() == 25  # 25 of 0.02 reach 0.49


@given(seeds, st.floats(0.05, 0.95))
def test_what_is_typical_does_not_depend_on_the_order_of_tokens(seed: int, p: float) -> None:
    logits = random_logits(seed, 1, 24)
    order = torch.randperm(24, generator=torch.Generator().manual_seed(seed))
    kept = keep_typical(logits, torch.tensor([p])).isfinite()
    reordered = keep_typical(logits[:, order], torch.tensor([p])).isfinite()
    # Sums in another order may round the last token in or out.
    assert (kept[:, order] != reordered).sum() <= 1


Filter = Callable[[Tensor, Tensor], Tensor]
FILTERS: dict[str, tuple[Filter, float]] = {
    "top_k": (keep_top_k, 0),
    "top_p": (keep_top_p, 1.0),
    "typical_p": (keep_typical, 1.0),
}


@pytest.mark.parametrize("name", FILTERS)
@given(seed=seeds, num_rows=st.integers(1, 9), row=st.integers(0, 8))
def test_a_filter_keeps_some_of_what_was_possible_and_changes_no_kept_logit(
    name: str, seed: int, num_rows: int, row: int
) -> None:
    keep, off = FILTERS[name]
    generator = torch.Generator().manual_seed(seed)
    logits = random_logits(seed, num_rows, 40).sort(descending=True).values
    logits[:, 30:] = -math.inf
    some = torch.rand(num_rows, generator=generator) * 0.9 + 0.05
    values = (some * 40).long() if name == "top_k" else some
    values[0] = off
    kept = keep(logits, values)
    is_kept = kept.isfinite()
    assert is_kept.any(dim=1).all()
    assert torch.equal(kept[is_kept], logits[is_kept])
    assert torch.equal(kept[0], logits[0])
    own = slice(row % num_rows, row % num_rows + 1)
    assert torch.equal(keep(logits[own], values[own]), kept[own])


@given(seeds)
def test_top_k_of_one_leaves_the_greedy_choice(seed: int) -> None:
    best = best_candidates(random_logits(seed, 3, 50))
    kept = keep_top_k(best.logits, torch.ones(3, dtype=torch.int64)).isfinite()
    assert kept.sum() == 3
    assert kept[:, 0].all()

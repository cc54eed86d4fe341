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

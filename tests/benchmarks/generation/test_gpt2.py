"""GPT-2 is measured in full size, and its tokens are counted."""

import itertools
import time
from typing import Any

import pytest
import torch

from benchmarks.generation.peers import how_to_install, missing

TINY = {"n_layer": 1, "n_head": 2, "n_embd": 8, "vocab_size": 50, "bos_token_id": 0}


@pytest.fixture(scope="module")
def gpt2() -> Any:
    if absent := missing(["transformers"]):
        pytest.skip(how_to_install("GPT-2", absent))
    from benchmarks.generation import gpt2  # what may not be installed

    return gpt2


def test_it_is_the_one_of_124_million_weights(gpt2: Any) -> None:
    with torch.device("meta"):
        assert gpt2.GPT2("meta").num_weights == 124_439_808


def test_tokens_of_all_rows_count_and_those_of_the_prompt_do_not(
    gpt2: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gpt2, "SIZES", TINY)
    model = gpt2.GPT2("cpu")
    seconds = itertools.count(step=2)
    monkeypatch.setattr(time, "perf_counter", lambda: next(seconds))
    monkeypatch.setattr(gpt2, "_NUM_TOKENS", 6)
    assert model.tokens_per_s(1) == 6 / 2
    assert model.tokens_per_s(8) == 8 * 6 / 2

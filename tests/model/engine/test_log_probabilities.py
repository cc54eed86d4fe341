"""What the engine says that the model gave to each token is what the model gives to it."""

from collections.abc import Sequence

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from model.engine import FinishedSequence, GenerationRequest
from model.engine.int8 import Int8Runner
from model.engine.paths import build_paths
from model.network.lyric_model import LyricModel
from model.sampling import STRATEGIES, SamplingParameters
from tests.model.engine.helpers import (
    BOS,
    NEWLINE,
    VOCAB_SIZE,
    drain,
    make_engine,
    request,
    small_model,
    write,
)
from tests.model.engine.runners import KINDS, MODEL, engine_of
from tests.model.engine.test_every_model import NETWORKS, mixed_requests
from tests.model.engine.test_graph_runner import LONG, MARKS
from tests.model.engine.test_neighbours import requests

STERN = SamplingParameters(temperature=1.3, top_p=0.95, repetition_penalty=50.0)


@torch.inference_mode()
def logits_by_torch(model: LyricModel, tokens: Tensor, voice: Tensor) -> Tensor:
    """(time, vocab_size), read from the first state of `voice` on."""
    state, rows = model.initial_state(voice.unsqueeze(0)), []
    for token in tokens.unsqueeze(1):
        logits, state = model.step(token, voice.unsqueeze(0), state)
        rows.append(logits)
    return torch.cat(rows)


def logits_by_int8(model: LyricModel, tokens: Tensor, voice: Tensor) -> Tensor:
    return Int8Runner(model, MARKS, num_slots=1, max_positions=8).logits(tokens, voice)


def assert_said(
    model: LyricModel, each: GenerationRequest, finished: FinishedSequence, *, by_int8: bool = False
) -> None:
    """Every token is worth what the model says when it reads prompt and verse."""
    tokens = torch.tensor((*each.prompt, *finished.tokens))
    with torch.inference_mode():
        voice = model.blend(each.artist_weights)
    read = logits_by_int8 if by_int8 else logits_by_torch
    said = read(model, tokens[:-1], voice).log_softmax(1)[len(each.prompt) - 1 :]
    expected = said.gather(1, tokens[len(each.prompt) :].unsqueeze(1)).squeeze(1)
    found = torch.tensor(finished.log_probabilities)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-3 if by_int8 else 1e-4)


def forbidding(tokens: Sequence[int]) -> Tensor:
    mask = torch.zeros(VOCAB_SIZE, dtype=torch.bool)
    mask[list(tokens)] = True
    return mask


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12)
@given(batch=st.lists(requests, min_size=1, max_size=8))
def test_the_log_probability_of_a_token_is_the_plain_models_however_it_was_drawn(
    kind: str, batch: list[GenerationRequest]
) -> None:
    for each, finished in zip(batch, write(engine_of(kind), *batch), strict=True):
        assert len(finished.log_probabilities) == len(finished.tokens)
        assert_said(MODEL, each, finished, by_int8=kind == "int8")


@pytest.mark.parametrize("kind", KINDS)
def test_penalties_masks_and_paths_do_not_change_what_the_model_gave(kind: str) -> None:
    paths = build_paths([(9, 10), (11,), (9, 9, 9)], [(NEWLINE,), (12, NEWLINE)])
    batch = [
        request(
            (BOS, *LONG[: 1 + n % 40]),
            artist=((0, 1.0), (3, 2.0)) if n % 2 else 1,
            sampling=STERN,
            rng_seed=n,
            max_lines=4 if n % 3 else 1,
            forbid_first=forbidding(range(20, VOCAB_SIZE)) if n % 3 else None,
            paths=None if n % 3 else paths,
        )
        for n in range(40)
    ]
    for each, finished in zip(batch, write(engine_of(kind), *batch), strict=True):
        assert_said(MODEL, each, finished, by_int8=kind == "int8")


@pytest.mark.parametrize("network", NETWORKS)
def test_every_network_is_told_right(network: str) -> None:
    model, batch = small_model(**NETWORKS[network]), mixed_requests()
    for each, finished in zip(batch, write(make_engine(model, 7), *batch), strict=True):
        assert_said(model, each, finished)


@pytest.mark.parametrize("kind", KINDS)
def test_rows_that_have_moved_tell_of_their_own_tokens(kind: str) -> None:
    """Rows end one after another, and another takes each place; with 40 rows, graphs change."""
    engine = engine_of(kind, 40)
    batch = [
        request((BOS, 4 + n % 30), sampling=STERN, rng_seed=n, max_lines=9, max_tokens=1 + n % 23)
        for n in range(60)
    ]
    ids = [engine.add(each) for each in batch]
    finished = {each.sequence_id: each for _ in range(6) for each in engine.step()}
    for sequence_id in ids[1::7]:
        engine.abort(sequence_id)
    finished |= drain(engine)
    assert {finished[each].reason for each in ids} >= {"aborted", "length"}
    for sequence_id, each in zip(ids, batch, strict=True):
        if finished[sequence_id].tokens:
            assert_said(MODEL, each, finished[sequence_id], by_int8=kind == "int8")


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_token_there_is_neither_log_probability_nor_state(kind: str) -> None:
    engine = engine_of(kind)
    ids = [engine.add(request(rng_seed=n)) for n in range(engine.num_rows + 1)]
    for sequence_id in ids:
        engine.abort(sequence_id)
    for finished in drain(engine).values():
        assert (finished.tokens, finished.log_probabilities, finished.state) == ((), (), None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_strategies_that_see_little_of_the_vocabulary_tell_what_all_of_it_says(
    kind: str, strategy: str
) -> None:
    """With more tokens than candidates are looked at."""
    engine, model = engine_of(kind, 16, 300), small_model(vocab_size=300)
    batch = [
        request((BOS, 5 + n), sampling=STRATEGIES[strategy], rng_seed=n, max_tokens=9)
        for n in range(5)
    ]
    for each, finished in zip(batch, write(engine, *batch), strict=True):
        assert_said(model, each, finished, by_int8=kind == "int8")

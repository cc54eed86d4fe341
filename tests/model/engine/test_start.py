"""A sequence that goes on from a state writes what one writes that has read everything."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from model.engine import Engine, GenerationRequest
from model.engine.sequence import Reading
from model.network.state import RecurrentState
from model.sampling import SamplingParameters
from tests.model.engine.helpers import BOS, make_engine, request, small_model, write
from tests.model.engine.runners import KINDS, engine_of
from tests.model.engine.test_every_model import NETWORKS, mixed_requests
from tests.model.engine.test_graph_runner import LONG
from tests.model.engine.test_neighbours import requests

SAMPLED = SamplingParameters(temperature=0.9, top_p=0.95)


def after(engine: Engine, each: GenerationRequest, num_read: int) -> Reading:
    """The state once `num_read` tokens of the prompt are read."""
    (finished,) = write(engine, replace(each, prompt=each.prompt[:num_read], max_tokens=1))
    assert finished.state is not None
    return Reading(finished.state, num_read)


def assert_same(engine: Engine, continued: GenerationRequest, whole: GenerationRequest) -> None:
    found, expected = (write(engine, each)[0] for each in (continued, whole))
    assert (found.tokens, found.reason) == (expected.tokens, expected.reason)
    torch.testing.assert_close(
        found.log_probabilities, expected.log_probabilities, rtol=1e-4, atol=1e-4
    )


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12)
@given(each=requests, num_lines=st.integers(1, 3))
def test_a_verse_goes_on_from_where_a_finished_one_ended(
    kind: str, each: GenerationRequest, num_lines: int
) -> None:
    engine = engine_of(kind)
    (first,) = write(engine, each)
    assert first.state is not None
    whole = replace(each, prompt=(*each.prompt, *first.tokens), max_lines=num_lines)
    continued = replace(whole, start=Reading(first.state, len(whole.prompt) - 1))
    assert_same(engine, continued, whole)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12)
@given(data=st.data(), each=requests)
def test_a_prompt_may_be_read_in_any_two_parts(
    kind: str, data: st.DataObject, each: GenerationRequest
) -> None:
    engine = engine_of(kind)
    whole = replace(each, prompt=(*each.prompt, *LONG[: data.draw(st.integers(1, 40))]))
    num_read = data.draw(st.integers(1, len(whole.prompt) - 1))
    assert_same(engine, replace(whole, start=after(engine, whole, num_read)), whole)


@pytest.mark.parametrize("network", NETWORKS)
def test_every_network_can_go_on(network: str) -> None:
    engine = make_engine(small_model(**NETWORKS[network]), 7)
    for each in mixed_requests()[::5]:
        (first,) = write(engine, each)
        assert first.state is not None
        whole = replace(each, prompt=(*each.prompt, *first.tokens), max_lines=3)
        assert_same(
            engine, replace(whole, start=Reading(first.state, len(whole.prompt) - 1)), whole
        )


@pytest.mark.parametrize("kind", KINDS)
def test_those_that_go_on_and_those_that_begin_come_together(kind: str) -> None:
    engine = engine_of(kind)
    wholes = [
        request((BOS, *LONG[: 1 + n]), artist=n % 4, sampling=SAMPLED, rng_seed=n)
        for n in range(0, 30, 3)
    ]
    batch = [
        replace(each, start=after(engine, each, len(each.prompt) // 2)) if n % 3 else each
        for n, each in enumerate(wholes)
    ]
    expected = [write(engine, each)[0].tokens for each in wholes]
    assert [each.tokens for each in write(engine, *batch)] == expected


@pytest.mark.parametrize("kind", KINDS)
def test_a_state_may_be_gone_on_from_again_and_again(kind: str) -> None:
    engine, whole = engine_of(kind), request((BOS, *LONG), sampling=SAMPLED)
    start = after(engine, whole, 20)
    kept = [part.clone() for part in start.state]
    batch = [replace(whole, start=start, rng_seed=n % 3) for n in range(12)]
    tokens = [each.tokens for each in write(engine, *batch)]
    assert tokens[:3] * 4 == tokens
    assert len({*tokens}) == 3
    assert all(torch.equal(part, before) for part, before in zip(start.state, kept, strict=True))


@pytest.mark.parametrize("num_read", [-1, 2, 3])
def test_the_last_token_of_the_prompt_must_be_left(num_read: int) -> None:
    start = after(engine_of("torch"), request(), 1)
    with pytest.raises(ValueError, match="last token"):
        request((BOS, 5), start=replace(start, num_read=num_read))


@pytest.mark.parametrize("kind", KINDS)
def test_a_state_of_another_network_or_of_several_rows_is_refused_alone(kind: str) -> None:
    engine = engine_of(kind)
    own = after(engine, request(), 1)
    larger = make_engine(small_model(attention_window=3), 4)
    two_rows = RecurrentState(*(torch.cat([part, part], dim=1) for part in own.state))
    for state in (after(larger, request(), 1).state, two_rows):
        with pytest.raises(ValueError, match="one row of this network"):
            engine.add(request(start=Reading(state, 1)))
    assert not engine.has_work

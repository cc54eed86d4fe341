"""A verse never depends on its neighbours: their number, content, comings and goings."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from model.config import ModelConfig
from model.engine import Engine, GenerationRequest, Marks
from model.engine.buckets import bucket_sizes, equal_buckets
from model.network.lyric_model import LyricModel
from model.sampling import SamplingParameters
from tests.model.engine.helpers import (
    BOS,
    EOS,
    NEWLINE,
    VOCAB_SIZE,
    Arrival,
    ScriptedModel,
    make_engine,
    request,
    scripted,
    serve,
    small_model,
    write,
)

MODEL = small_model()

samplings = st.builds(
    SamplingParameters,
    temperature=st.sampled_from([0.0, 0.6, 1.0, 1.5]),
    top_k=st.sampled_from([0, 1, 5, 30]),
    top_p=st.sampled_from([0.3, 0.9, 1.0]),
    repetition_penalty=st.sampled_from([1.0, 1.3, 3.0]),
)
requests = st.builds(
    request,
    st.lists(st.integers(2, VOCAB_SIZE - 1), max_size=5).map(lambda ids: (BOS, *ids)),
    artist=st.integers(0, 3),
    sampling=samplings,
    rng_seed=st.integers(0, 2**63 - 1),
    max_lines=st.integers(1, 3),
    max_tokens=st.integers(1, 30),
)


def alone(model: LyricModel, each: GenerationRequest) -> tuple[int, ...]:
    return write(make_engine(model), each)[0].tokens


arrivals = st.tuples(requests, st.integers(0, 12), st.none() | st.integers(0, 12))


@settings(max_examples=8)
@given(st.lists(arrivals, min_size=1, max_size=20), st.integers(1, 20))
def test_joining_and_leaving_changes_no_verse(batch: list[Arrival], num_slots: int) -> None:
    engine = make_engine(MODEL, num_slots=num_slots)
    assert engine.num_rows <= num_slots
    for each, verse in serve(engine, batch):
        expected = alone(MODEL, each)
        if verse.reason == "aborted":
            assert verse.tokens == expected[: len(verse.tokens)]
        else:
            assert verse.tokens == expected


@pytest.fixture(scope="module")
def full_size_model() -> LyricModel:
    torch.manual_seed(1)
    model = LyricModel(ModelConfig(vocab_size=4096, num_artists=58)).eval()
    with torch.no_grad():
        model.token_embedding.weight.mul_(20)  # logits as far apart as a trained model's
    return model


@pytest.mark.parametrize("num_threads", [1, 2])
def test_full_size_verses_are_equal_alone_and_among_63_others(
    full_size_model: LyricModel, num_threads: int
) -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(num_threads)
    try:
        sampling = SamplingParameters(temperature=1.2, top_p=1.0, repetition_penalty=1.2)
        batch = [
            request((BOS, 9 + i), artist=i % 58, sampling=sampling, rng_seed=i, max_tokens=4)
            for i in range(64)
        ]
        engine = Engine(full_size_model, Marks(NEWLINE, (), (EOS,)))
        together = [verse.tokens for verse in write(engine, *batch)]
        for index in (0, 31, 63):
            assert write(engine, batch[index])[0].tokens == together[index]
        assert [verse.tokens for verse in write(engine, *batch[:9])] == together[:9]
    finally:
        torch.set_num_threads(before)


@settings(max_examples=6)
@given(st.integers(0, 2**32 - 1))
def test_full_size_rows_are_bitwise_equal_in_every_bucket(
    full_size_model: LyricModel, seed: int
) -> None:
    generator = torch.Generator().manual_seed(seed)
    with torch.inference_mode():
        artists = full_size_model.artist_vectors(torch.randint(58, (64,), generator=generator))
        state = full_size_model.initial_state(artists)
        for part in state:
            part.copy_(torch.randn(part.shape, generator=generator).tanh())
        tokens = torch.randint(4096, (64,), generator=generator)
        expected, _ = full_size_model.step(tokens, artists, state)
        for size in equal_buckets(full_size_model, bucket_sizes(64)):
            head = state.rows(slice(size))
            logits, _ = full_size_model.step(tokens[:size], artists[:size], head)
            assert torch.equal(logits, expected[:size])


def test_buckets_reach_from_four_rows_to_all_slots() -> None:
    assert bucket_sizes(64) == (4, 8, 16, 24, 32, 48, 64)
    assert bucket_sizes(1) == (4,)
    assert all(bucket_sizes(n)[-1] >= n for n in range(1, 500))


class UnevenModel(ScriptedModel):
    """A model whose rows depend on the size of the batch, below 16 rows."""

    def step(self, tokens, artist_vectors, state):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        logits, state = super().step(tokens, artist_vectors, state)
        return logits + (1e-6 if len(tokens) < 16 else 0.0), state


def test_sizes_that_round_otherwise_are_not_used() -> None:
    model = UnevenModel(scripted((4,), (), (), (), (4,)).table * 1e-3)
    assert equal_buckets(model, bucket_sizes(64)) == (16, 24, 32, 48, 64)
    engine = make_engine(model)
    model.batch_sizes.clear()
    write(engine, request((BOS,), max_tokens=3))
    assert set(model.batch_sizes) == {16}

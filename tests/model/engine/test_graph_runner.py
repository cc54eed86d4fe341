"""Verses by graphs are those of torch's steps; what is captured is replaced by itself on a CPU."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from model.engine import Engine, precision
from model.engine.buckets import graph_sizes
from model.engine.cuda_graphs import CudaGraphs, Work
from model.engine.graph_runner import GraphRunner
from model.engine.precision import build_runner
from model.engine.token_runner import Marks
from model.engine.torch_runner import TorchRunner
from model.errors import ConfigError
from model.network.lyric_model import LyricModel
from tests.model.engine.helpers import (
    BLANK,
    BOS,
    EOS,
    NEWLINE,
    VOCAB_SIZE,
    Arrival,
    drain,
    make_engine,
    request,
    serve,
    small_model,
    write,
)
from tests.model.engine.test_engine import BATCH, FREE, TightModel
from tests.model.engine.test_every_model import NETWORKS, mixed_requests
from tests.model.engine.test_neighbours import MODEL, alone, arrivals

MARKS = Marks(NEWLINE, (BLANK,), (EOS,))
LONG = tuple(4 + n % 30 for n in range(40))


class NoGraphs:
    """Does the work itself whenever it is to be replayed, and remembers which that was."""

    name = "no graphs"

    def __init__(self, device: str = "cpu") -> None:
        self.device = device
        self.replayed: list[tuple[int, bool]] = []

    def capture(self, work: Work) -> Work:
        work()
        assert isinstance(work, partial)
        size, is_plain = work.args

        def replay() -> None:
            self.replayed.append((size, is_plain))
            work()

        return replay

    def host_buffer(self, *shape: int) -> Tensor:
        return torch.zeros(*shape, dtype=torch.int64)

    def fetch(self, source: Tensor, target: Tensor) -> None:
        target.copy_(source)


def graph_engine(
    model: LyricModel,
    num_slots: int = 64,
    graphs: NoGraphs | CudaGraphs | None = None,
    dtype: torch.dtype = torch.float32,
) -> Engine:
    runner = GraphRunner(model, MARKS, num_slots, 256, graphs or NoGraphs(), dtype)
    return Engine.around(runner, num_slots)


def reads_from(monkeypatch: pytest.MonkeyPatch, num_tokens: int) -> None:
    monkeypatch.setattr(GraphRunner, "short_prompt", num_tokens)


@pytest.mark.parametrize("short_prompt", [1, 1000])
@pytest.mark.parametrize("network", NETWORKS)
def test_verses_are_those_of_torchs_own_steps(
    network: str, short_prompt: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads_from(monkeypatch, short_prompt)
    model, batch = small_model(**NETWORKS[network]), mixed_requests()
    expected = [(each.tokens, each.reason) for each in write(make_engine(model), *batch)]
    found = write(graph_engine(model, num_slots=7), *batch)
    assert [(each.tokens, each.reason) for each in found] == expected


@settings(max_examples=8)
@given(st.lists(arrivals, min_size=1, max_size=40), st.integers(1, 40))
def test_joining_leaving_and_aborting_changes_no_verse(
    batch: list[Arrival], num_slots: int
) -> None:
    engine = graph_engine(MODEL, num_slots)
    assert engine.num_rows <= num_slots
    for each, verse in serve(engine, batch):
        expected = alone(MODEL, each)
        if verse.reason == "aborted":
            assert verse.tokens == expected[: len(verse.tokens)]
        else:
            assert verse.tokens == expected


def test_an_abort_hands_out_all_that_the_last_step_has_written() -> None:
    engine = graph_engine(small_model())
    whole = write(engine, request(sampling=FREE, max_lines=9))[0].tokens
    ids = [engine.add(request(sampling=FREE, max_lines=9)) for _ in range(2)]
    for _ in range(4):
        engine.step()
    engine.abort(ids[0])
    finished = drain(engine)
    assert finished[ids[0]].tokens == whole[:3]  # the first step has read the prompt's first token
    assert finished[ids[1]].tokens == whole


def test_fewer_rows_move_together_into_a_smaller_graph() -> None:
    graphs = NoGraphs()
    model = small_model(newline_bias=-50.0)
    engine = graph_engine(model, 40, graphs)
    batch = [
        request((BOS, 4 + n % 30), sampling=FREE, rng_seed=n, max_tokens=20 if n % 4 == 3 else 3)
        for n in range(40)
    ]
    verses = [each.tokens for each in write(engine, *batch)]
    sizes = [size for size, _ in graphs.replayed]
    assert sizes == [64] * 4 + [16] * 17
    assert verses == [each.tokens for each in write(make_engine(model), *batch)]


def test_rows_that_come_into_free_places_copy_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = graph_engine(small_model(newline_bias=-50.0), 16)
    monkeypatch.setattr(
        "model.engine.token_slots.TokenSlots.move", lambda *_: pytest.fail("a row was copied")
    )
    ids = [engine.add(request(rng_seed=n, max_tokens=2 + n % 9)) for n in range(60)]
    assert {*drain(engine)} == {*ids}


def test_plain_rows_alone_take_the_graph_for_plain_rows() -> None:
    graphs = NoGraphs()
    engine = graph_engine(small_model(), 16, graphs)
    write(engine, request())
    assert {is_plain for _, is_plain in graphs.replayed} == {True}
    engine.add(request(max_tokens=9))
    engine.add(request(sampling=FREE, max_tokens=2, max_lines=9))
    graphs.replayed.clear()
    drain(engine)
    assert [is_plain for _, is_plain in graphs.replayed][:3] == [False] * 3
    assert graphs.replayed[-1] == (16, True)


def test_a_long_prompt_is_read_before_its_first_step(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = graph_engine(small_model())
    (verse,) = write(make_engine(small_model()), request((BOS, *LONG), max_tokens=1))
    for short_prompt, num_steps in ((8, 1), (41, 41)):
        reads_from(monkeypatch, short_prompt)
        sequence_id = engine.add(request((BOS, *LONG), max_tokens=1))
        steps = [engine.step() for _ in range(num_steps)]
        assert [len(ended) for ended in steps] == [0] * (num_steps - 1) + [1]
        assert (steps[-1][0].sequence_id, steps[-1][0].tokens) == (sequence_id, verse.tokens)


@pytest.mark.parametrize("error", [torch.OutOfMemoryError, MemoryError])
def test_out_of_memory_halves_the_batch_and_changes_no_verse(error: type[Exception]) -> None:
    model = TightModel(torch.randn(16, 16, generator=torch.Generator().manual_seed(5)))
    model.error = error
    engine = graph_engine(model, 32)
    expected = [verse.tokens for verse in write(engine, *BATCH)]
    ids = [engine.add(each) for each in BATCH]
    finished = {each.sequence_id: each for _ in range(3) for each in engine.step()}
    model.max_rows = 16
    finished |= drain(engine)
    assert [finished[each].tokens for each in ids] == expected
    model.max_rows = 0
    assert [each.reason for each in write(engine, *BATCH[:2])] == ["failed"] * 2
    model.max_rows = 32
    assert [verse.tokens for verse in write(engine, *BATCH)] == expected


def test_memory_that_lacks_for_a_prompt_leaves_its_sequence_to_begin_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = small_model()
    engine = graph_engine(model, 16)
    batch = [request((BOS, *LONG[n:]), rng_seed=n, sampling=FREE, max_tokens=5) for n in range(8)]
    expected = [verse.tokens for verse in write(engine, *batch)]
    failures = iter([True, False, True])
    read: Callable[..., Any] = model.read

    def sometimes(*args: Any) -> Any:
        if next(failures, False):
            raise torch.OutOfMemoryError("CUDA out of memory")
        return read(*args)

    monkeypatch.setattr(model, "read", sometimes)
    assert [verse.tokens for verse in write(engine, *batch)] == expected
    assert next(failures, None) is None


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("network", NETWORKS)
def test_layers_in_half_precision_say_nearly_the_same(network: str, dtype: torch.dtype) -> None:
    model = small_model(**NETWORKS[network])
    half = model.with_layers_in(dtype)
    tokens = torch.randint(VOCAB_SIZE, (30, 4), generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        voices = model.artist_vectors(torch.arange(4))
        state = half_state = model.initial_state(voices)
        for position in tokens:
            expected, state = model.step(position, voices, state)
            found, half_state = half.step(position, voices, half_state)
            assert not torch.equal(found, expected)
            error = (found.log_softmax(1) - expected.log_softmax(1)).square().mean().sqrt()
            assert error < (0.01 if dtype == torch.float16 else 0.08) * expected.std()
            assert {part.dtype for part in (found, *half_state)} == {torch.float32}


def test_sizes_of_graphs_reach_from_sixteen_rows_to_all_slots() -> None:
    assert graph_sizes(1) == (16,)
    assert graph_sizes(64) == (16, 32, 64)
    assert graph_sizes(1000)[-1] == 1024


@pytest.mark.parametrize(("asked", "found"), [("auto", "fp16"), ("fp32", "fp32")])
def test_a_model_on_a_gpu_gets_graphs(
    asked: precision.Precision,
    found: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(precision, "is_on_gpu", lambda _: True)
    monkeypatch.setattr(precision, "CudaGraphs", NoGraphs)
    with caplog.at_level(logging.INFO):
        runner = build_runner(small_model(), MARKS, 4, 64, asked)
    assert runner.computes_in == f"{found} (no graphs)"
    assert runner.computes_in in caplog.text


def test_where_nothing_can_be_captured_torchs_steps_are_taken_and_the_log_says_why(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> Work:
        raise RuntimeError("operation not permitted when stream is capturing")

    monkeypatch.setattr(precision, "is_on_gpu", lambda _: True)
    monkeypatch.setattr(precision, "CudaGraphs", NoGraphs)
    monkeypatch.setattr(NoGraphs, "capture", refuse)
    assert isinstance(build_runner(small_model(), MARKS, 4, 64, "auto"), TorchRunner)
    assert "operation not permitted" in caplog.text


# On a device


def on_gpu() -> LyricModel:
    return small_model().to("cuda")


@pytest.mark.gpu
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
@pytest.mark.parametrize("network", NETWORKS)
def test_graphs_write_what_the_same_work_writes_without_them(
    network: str, dtype: torch.dtype
) -> None:
    model, batch = small_model(**NETWORKS[network]).to("cuda"), mixed_requests()
    graphs = CudaGraphs(model.output_bias.device)
    expected = write(graph_engine(model, 7, NoGraphs(), dtype), *batch)
    found = write(graph_engine(model, 7, graphs, dtype), *batch)
    assert [each.tokens for each in found] == [each.tokens for each in expected]


@pytest.mark.gpu
@pytest.mark.parametrize("asked", ["auto", "fp32"])
def test_a_gpu_writes_the_same_verse_alone_and_among_others(asked: precision.Precision) -> None:
    model = on_gpu()
    engine = make_engine(model, precision=asked)
    assert "CUDA graphs" in engine.computes_in
    batch = [
        request((BOS, *LONG[: n % 20]), artist=n % 4, sampling=FREE, rng_seed=n) for n in range(150)
    ]
    together = [each.tokens for each in write(engine, *batch)]
    for index in (0, 17, 99, 149):
        assert write(engine, batch[index])[0].tokens == together[index]


@pytest.mark.gpu
def test_an_engine_can_follow_another_on_a_gpu() -> None:
    model = on_gpu()
    first = make_engine(model, precision="auto")
    expected = [each.tokens for each in write(first, *BATCH)]
    second = make_engine(model, precision="auto")
    assert [each.tokens for each in write(second, *BATCH)] == expected
    del first
    assert [each.tokens for each in write(second, *BATCH)] == expected


@pytest.mark.gpu
def test_int8_is_refused_on_a_gpu() -> None:
    with pytest.raises(ConfigError, match="on a GPU"):
        make_engine(on_gpu(), precision="int8")

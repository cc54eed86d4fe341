"""Kernels that are compared compute the same network, and what draws for them draws fairly."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch

from benchmarks.generation import kernels
from benchmarks.generation.kernels import ONNX, Network, PeerKernel, compare_kernels, draw
from benchmarks.generation.peers import how_to_install, missing
from benchmarks.generation.subject import Subject, untrained
from benchmarks.generation.torch_int8 import TorchInt8
from model.engine.int8 import Int8Unavailable
from model.engine.int8.compiler import compiled_step
from model.network.lyric_model import LyricModel

VOCAB_SIZE = 96
MAX_ERROR = 0.1  # of the spread of the logarithms; 7 and 8 bits cost 0.03


def _onnx_int8(model: LyricModel) -> Network:
    if absent := missing(ONNX):
        pytest.skip(how_to_install("onnxruntime", absent))
    from benchmarks.generation.onnx_int8 import OnnxInt8  # what may not be installed

    return OnnxInt8(model)


@pytest.fixture(scope="module")
def subject() -> Subject:
    return untrained("cpu", VOCAB_SIZE)


@pytest.mark.parametrize("build", [TorchInt8, _onnx_int8])
@torch.inference_mode()
def test_a_peer_says_what_the_model_says(
    subject: Subject, build: Callable[[LyricModel], Network]
) -> None:
    model, network, num_rows = subject.model, build(subject.model), 3
    voices = model.artist_vectors(torch.tensor([4, 0, 9]))
    for _ in range(2):  # a second verse begins from nothing
        network.start(voices)
        state = model.initial_state(voices)
        for position in range(6):
            tokens = (torch.arange(num_rows) * 7 + position) % VOCAB_SIZE
            found = network.step(tokens).log_softmax(1)
            logits, state = model.step(tokens, voices, state)
            expected = logits.log_softmax(1)
            error = (found - expected).square().mean().sqrt() / expected.std()
            assert error < MAX_ERROR


def test_a_peer_feeds_what_it_drew(subject: Subject) -> None:
    class Next:
        """Says that the next token is the next number."""

        def start(self, voices: torch.Tensor) -> None:
            assert len(voices) == 2

        def step(self, tokens: torch.Tensor) -> torch.Tensor:
            return torch.nn.functional.one_hot(tokens + 1, VOCAB_SIZE) * 1000.0

    kernel = PeerKernel(Next(), subject)
    kernel.start(2)
    assert [kernel.step().tolist() for _ in range(3)] == [[1, 1], [2, 2], [3, 3]]


def test_tokens_are_drawn_as_often_as_they_are_likely() -> None:
    torch.manual_seed(0)
    shares = torch.tensor([0.0, 0.2, 0.0, 0.7, 0.1, 0.0])
    drawn = draw(shares.log().expand(20_000, -1))
    found = torch.bincount(drawn, minlength=len(shares)) / len(drawn)
    torch.testing.assert_close(found, shares, atol=0.02, rtol=0.0)
    assert found[shares == 0].sum() == 0


def test_every_kernel_is_measured_at_every_size(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        compiled_step()
    except Int8Unavailable as reason:
        pytest.skip(f"the int8 step cannot be had: {reason}")
    monkeypatch.setattr(kernels, "NUM_ROUNDS", 1)
    monkeypatch.setattr(kernels, "_SECONDS", 0.0)
    expected = {"vocab_size", "rows", "fp32", "torch_int8", "int8"}
    if not missing(ONNX):
        expected.add("onnxruntime_int8")
    rows: list[dict[str, Any]] = compare_kernels(partial(untrained, "cpu"), (64, 100), (1, 3))
    sizes = [(row["vocab_size"], row["rows"]) for row in rows]
    assert sizes == [(64, 1), (64, 3), (100, 1), (100, 3)]
    for row in rows:
        assert set(row) == expected
        assert min(row.values()) > 0


def test_what_is_missing_is_named_with_what_brings_it() -> None:
    assert missing(["json", "no_such_module"]) == ["no_such_module"]
    sentence = how_to_install("GPT-2", ["no_such_module"])
    assert "for want of no_such_module" in sentence
    assert '.venv/bin/pip install -c constraints.txt ".[peers]"' in sentence
    assert "\n" not in sentence

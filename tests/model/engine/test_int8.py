"""The compiled step: near the model in what it says, and the same verse in any company."""

import itertools
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from model.engine import int8, precision
from model.engine.int8 import Int8Runner, Int8Unavailable, compiler, library
from model.engine.int8.weights import Int8Weights
from model.engine.precision import build_runner
from model.engine.token_runner import Marks
from model.engine.torch_runner import TorchRunner
from model.errors import ConfigError
from model.network.lyric_model import LyricModel
from model.sampling import SamplingParameters, SamplingRows, noise_streams, sample
from tests.model.engine.helpers import (
    BLANK,
    BOS,
    EOS,
    GREEDY,
    NEWLINE,
    VOCAB_SIZE,
    drain,
    make_engine,
    num_lines,
    request,
    scripted,
    small_model,
    write,
)

MARKS = Marks(NEWLINE, (BLANK,), (EOS,))
SAMPLED = SamplingParameters(temperature=0.9, top_p=0.95)

try:
    library.load_library()
except Int8Unavailable as reason:
    pytest.skip(f"the int8 step cannot be compiled here: {reason}", allow_module_level=True)


def choices() -> Iterator[dict[str, Any]]:
    names = ("layer_norm", "residual", "tied_output")
    for values in itertools.product((False, True), repeat=3):
        yield dict(zip(names, values, strict=True))
    yield {"conditioning": "none"}
    yield {"features": "one-hot", "tied_output": False}
    yield {"features": "one-hot", "tied_output": False, "layer_norm": False}


def torch_logits(model: LyricModel, tokens: Tensor, artist: Tensor) -> Tensor:
    state = model.initial_state(artist.unsqueeze(0))
    rows = []
    with torch.inference_mode():
        for token in tokens:
            logits, state = model.step(token.unsqueeze(0), artist.unsqueeze(0), state)
            rows.append(logits[0])
    return torch.stack(rows)


@pytest.mark.parametrize("chosen", [*choices()], ids=str)
def test_it_says_nearly_what_the_model_says(chosen: dict[str, Any]) -> None:
    model = small_model(**chosen)
    runner = Int8Runner(model, MARKS, num_slots=2, max_positions=64)
    tokens = torch.randint(VOCAB_SIZE, (40,), generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        artist = model.artist_vectors(torch.tensor(2))
    expected = torch_logits(model, tokens, artist).log_softmax(1)
    found = runner.logits(tokens, artist).log_softmax(1)
    error = (found - expected).square().mean().sqrt() / expected.std()
    assert error < 0.06  # 7 bits cost twice what 8 bits do
    assert not torch.equal(found, expected)


@pytest.mark.parametrize("vocab_size", [40, 300, 2048, 2059])
@settings(max_examples=10)
@given(
    seed=st.integers(0, 10_000),
    parameters=st.builds(
        SamplingParameters,
        temperature=st.sampled_from([0.0, 0.3, 0.8, 1.0, 2.0]),
        top_k=st.sampled_from([0, 1, 5, 100]),
        top_p=st.sampled_from([0.5, 0.9, 1.0]),
        typical_p=st.sampled_from([0.4, 0.95, 1.0]),
    ),
)
def test_it_draws_as_the_sampler_does(
    vocab_size: int, seed: int, parameters: SamplingParameters
) -> None:
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(1, vocab_size, generator=generator) * 3
    stream, position = torch.tensor(noise_streams([seed])), torch.tensor([seed % 97])
    expected = sample(logits, SamplingRows.of([parameters]), stream, position)
    how = library.Sampling(
        temperature=parameters.temperature,
        top_p=parameters.top_p,
        typical_p=parameters.typical_p,
        is_open=parameters.is_open,
        top_k=parameters.top_k,
    )
    assert library.draw(logits[0], how, int(stream), int(position)) == int(expected)


@settings(max_examples=12)
@given(num_others=st.integers(1, 80), place=st.integers(0, 80), threads=st.sampled_from([1, 2, 3]))
def test_a_verse_is_the_same_alone_and_among_others(
    num_others: int, place: int, threads: int
) -> None:
    model = small_model()
    own = request((BOS, 5, 9), artist=1, sampling=SAMPLED, rng_seed=77, max_lines=4)
    (alone,) = write(make_engine(model, num_slots=1, precision="int8"), own)
    others = [
        request((BOS, *range(4, 5 + n % 35)), artist=n % 4, sampling=SAMPLED, rng_seed=n)
        for n in range(num_others)
    ]
    together = [*others[:place], own, *others[place:]]
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        engine = make_engine(model, num_slots=48, precision="int8")
    finally:
        torch.set_num_threads(before)
    assert write(engine, *together)[min(place, num_others)].tokens == alone.tokens


def test_a_prompt_longer_than_one_step_feeds_is_read_to_its_end() -> None:
    model = small_model()
    prompt = (BOS, *(4 + n % 30 for n in range(100)))
    engine = make_engine(model, precision="int8")
    (finished,) = write(engine, request(prompt, sampling=GREEDY, max_tokens=1))
    with torch.inference_mode():
        artist = model.artist_vectors(torch.tensor(0))
    runner = Int8Runner(model, MARKS, num_slots=1, max_positions=8)
    logits = runner.logits(torch.tensor(prompt), artist)[-1].clone()
    logits[[BOS, EOS]] = -torch.inf
    assert finished.tokens == (int(logits.argmax()),)


def test_lines_lengths_and_masks_are_those_of_every_engine() -> None:
    model = small_model(newline_bias=6.0)
    forbidden = torch.zeros(VOCAB_SIZE, dtype=torch.bool)
    forbidden[10:] = True
    requests = [
        request(sampling=SAMPLED, rng_seed=n, max_lines=3, max_tokens=25, forbid_first=forbidden)
        for n in range(60)
    ]
    reasons = set()
    for finished in write(make_engine(model, precision="int8", never_ids=(7,)), *requests):
        tokens = finished.tokens
        assert tokens[0] < 10
        assert not {BOS, EOS, 7} & {*tokens}
        assert (NEWLINE, NEWLINE, NEWLINE) not in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if finished.reason == "lines":
            assert num_lines(tokens, open_content=True) == 3
            assert tokens[-1] == NEWLINE
        else:
            assert len(tokens) == 25
        reasons.add(finished.reason)
    assert reasons == {"lines", "length"}


def test_what_was_said_lately_is_said_less() -> None:
    model = small_model()
    plain = SamplingParameters(temperature=1.0, top_p=1.0, repetition_penalty=1.0)
    stern = SamplingParameters(temperature=1.0, top_p=1.0, repetition_penalty=50.0)
    distinct = []
    for sampling in (plain, stern):
        requests = [request(sampling=sampling, rng_seed=n, max_lines=9) for n in range(20)]
        finished = write(make_engine(model, precision="int8"), *requests)
        distinct.append(sum(len({*each.tokens}) / len(each.tokens) for each in finished))
    assert distinct[1] > 1.2 * distinct[0]


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [
        ({"cell": "gru"}, "LSTM cells only, not gru"),
        ({"cell": "mogrifier"}, "LSTM cells only, not mogrifier"),
        ({"conditioning": "film"}, "conditioning film"),
        ({"attention_window": 4}, "does not know attention"),
    ],
)
def test_models_that_it_does_not_know_run_in_fp32_and_the_log_says_why(
    chosen: dict[str, Any], reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    model = small_model(**chosen)
    with caplog.at_level(logging.INFO):
        assert isinstance(build_runner(model, MARKS, 4, 64, "auto"), TorchRunner)
    assert reason in caplog.text
    with pytest.raises(ConfigError, match=reason):
        build_runner(model, MARKS, 4, 64, "int8")


def test_a_network_of_another_class_is_never_taken_for_the_lyric_model() -> None:
    assert "ScriptedModel" in (int8.why_not(scripted((1,))) or "")


def test_without_a_compiler_it_runs_in_fp32_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise Int8Unavailable("there is no C compiler (on Debian: apt install gcc)")

    monkeypatch.setattr(precision, "Int8Runner", refuse)
    with caplog.at_level(logging.INFO):
        assert isinstance(build_runner(small_model(), MARKS, 4, 64, "auto"), TorchRunner)
    assert "apt install gcc" in caplog.text


def test_a_step_that_says_something_else_is_never_used(monkeypatch: pytest.MonkeyPatch) -> None:
    model, other = small_model(), small_model(seed=9)
    monkeypatch.setattr("model.engine.int8.runner.Int8Weights", lambda _: Int8Weights(other))
    with pytest.raises(Int8Unavailable, match="from what the model says"):
        Int8Runner(model, MARKS, 4, 64)
    assert isinstance(build_runner(model, MARKS, 4, 64, "auto"), TorchRunner)


def test_a_compiler_that_is_missing_or_fails_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.raises(Int8Unavailable, match="no C compiler"):
        compiler.compiled_step()
    failing = tmp_path / "failing"
    failing.write_text("#!/bin/sh\necho 'no such instructions' >&2\nexit 1\n")
    failing.chmod(0o755)
    monkeypatch.setenv("CC", str(failing))
    monkeypatch.setattr(compiler, "_folder", lambda: tmp_path)
    with pytest.raises(Int8Unavailable, match="no such instructions"):
        compiler.compiled_step()
    assert [path.name for path in tmp_path.iterdir()] == ["failing"]


def test_rows_beyond_those_that_pay_are_not_computed_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A processor that takes twice the time for twice the rows, from eight of them on."""
    monkeypatch.setattr(Int8Runner, "_seconds_of_a_step", lambda _, rows: max(8, rows) / 1000)
    engine = make_engine(small_model(), num_slots=64, precision="int8")
    assert engine.num_rows == 8
    ids = [engine.add(request(rng_seed=n)) for n in range(20)]
    engine.step()
    assert (engine.num_running, engine.num_waiting) == (8, 12)
    assert {*drain(engine)} == {*ids}


def test_a_processor_that_gains_from_every_row_computes_all_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Int8Runner, "_seconds_of_a_step", lambda *_: 0.001)
    assert make_engine(small_model(), num_slots=48, precision="int8").num_rows == 48

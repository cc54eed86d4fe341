"""The benchmark compares equal models, reports what it promises, and says when not to trust it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from benchmarks import generation
from benchmarks.__main__ import main
from benchmarks.lstm_loop import LSTMLoop
from benchmarks.machine import busy_warning, machine_facts
from model.checkpoint import save_checkpoint
from model.network.lyric_model import LyricModel
from tests.factories import tiny_checkpoint


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    checkpoint = tiny_checkpoint()
    with torch.no_grad():
        checkpoint.model.output_bias[checkpoint.tokenizer.newline_id] += 4
    save_checkpoint(checkpoint, tmp_path / "tiny")
    return tmp_path / "tiny"


def test_the_loop_computes_what_a_plain_network_computes() -> None:
    config = tiny_checkpoint().model.config
    model = LyricModel(replace(config, layer_norm=False, residual=False)).eval()
    loop, state = LSTMLoop(model, newline_id=2), None
    assert loop.has_same_weights
    tokens = torch.tensor([[0, 9, 40, 7]])
    with torch.no_grad():
        voice = model.artist_vectors(torch.tensor([2]))
        expected, _ = model(tokens, torch.full_like(tokens, 2), model.initial_state(voice))
    for position in range(4):
        logits, state = loop.logits(int(tokens[0, position]), voice[0], state)
        torch.testing.assert_close(logits, expected[0, position])


def test_the_report_is_one_json_object_with_the_promised_figures(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    threads = torch.get_num_threads()
    assert main(["generation", "--checkpoint", str(folder), "--threads", "1", "--json"]) == 0
    torch.set_num_threads(threads)
    report = json.loads(capsys.readouterr().out)
    together, loop = report["concurrent_64"], report["loop"]
    assert together["ratio_to_loop"] == pytest.approx(
        together["tokens_per_s"] / loop["tokens_per_s"]
    )
    assert report["single"]["seconds_per_verse"] > 0
    assert together["seconds"] > 0
    assert report["machine"]["num_processors"] >= 1


def test_a_missing_checkpoint_is_one_sentence_with_two_ways_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["generation", "--checkpoint", str(tmp_path / "none"), "--threads", "1"]) == 1
    message = capsys.readouterr().err
    assert "python -m model train" in message
    assert "--random-weights" in message


def test_of_a_network_beyond_nn_lstm_the_loop_has_the_sizes() -> None:
    config = replace(tiny_checkpoint().model.config, cell="gru", conditioning="film")
    loop = LSTMLoop(LyricModel(config).eval(), newline_id=2)
    assert not loop.has_same_weights
    assert loop.model.config.hidden_size == config.hidden_size
    assert loop.model.config.num_layers == config.num_layers
    _, state = loop.logits(3, loop.model.blend({1: 1.0}), None)
    assert state[0].shape == (config.num_layers, 1, config.hidden_size)


def test_a_busy_machine_is_named_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getloadavg", lambda: (50.0, 1.0, 1.0))
    assert "50.0" in (busy_warning(machine_facts()) or "")
    monkeypatch.setattr("os.getloadavg", lambda: (0.01, 50.0, 50.0))
    assert busy_warning(machine_facts()) is None


def test_the_requests_differ_and_share_a_batch() -> None:
    subject = generation._untrained("cpu")
    assert len(subject.requests) == generation.NUM_REQUESTS
    assert len({(request.rng_seed, request.artist) for request in subject.requests}) == 64

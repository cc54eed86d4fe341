"""The benchmark reports what it promises, and says when not to trust it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from benchmarks.__main__ import main
from benchmarks.generation import command, measure
from benchmarks.generation.subject import from_checkpoint
from benchmarks.machine import busy_warning, machine_facts
from model.checkpoint import save_checkpoint
from tests.factories import short_lined_checkpoint, songs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_checkpoint(short_lined_checkpoint("tiny"), tmp_path / "tiny")
    return tmp_path / "tiny"


@pytest.fixture(autouse=True)
def _threads() -> Iterator[None]:
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


@pytest.fixture(autouse=True)
def _without_peers(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the extra is not installed, for what it brings is large."""
    monkeypatch.setattr(command, "missing", list)


def test_the_report_is_one_json_object_with_the_promised_figures(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(measure, "NUM_ROUNDS", 1)
    corpus = tmp_path / "songs.jsonl"
    rows = [{"artist": each.artist, "title": each.title, "text": each.text} for each in songs(30)]
    corpus.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    options = ["--checkpoint", str(folder), "--threads", "1", "--corpus", str(corpus)]
    assert main(["generation", *options, "--arrivals", "--json"]) == 0
    told = capsys.readouterr()
    report = json.loads(told.out)
    assert "gpt2" not in report
    assert 'pip install -c constraints.txt ".[peers]"' in told.err
    single, together = report["single"], report["concurrent_64"]
    assert together["ratio_to_loop"] == pytest.approx(
        together["tokens_per_s"] / report["loop"]["tokens_per_s"]
    )
    assert together["ratio_to_batched"] == pytest.approx(
        together["tokens_per_s"] / report["batched"]["tokens_per_s"]
    )
    assert single["ratio_to_loop"] > 0
    assert 0 < report["step"]["share_of_int8_gemm"] < 1
    quality = report["quality"]
    assert quality["bits_per_character_fast"] == pytest.approx(
        quality["bits_per_character_fp32"], abs=0.2
    )
    assert report["arrivals"]["static"]["p99_s"] > 0
    assert report["machine"]["num_processors"] >= 1


def test_people_get_tables(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(measure, "NUM_ROUNDS", 1)
    options = ["--checkpoint", str(folder), "--threads", "1", "--precision", "fp32"]
    assert main(["generation", *options]) == 0
    shown = capsys.readouterr().out
    assert "64 at once" in shown
    assert "of an int8 matrix product" in " ".join(shown.split())


def test_kernels_are_a_table_of_their_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(measure, "NUM_ROUNDS", 1)
    row = {"vocab_size": 100, "rows": 8, "fp32": 1200.4, "torch_int8": 250.0, "int8": 90.0}
    monkeypatch.setattr(command, "compare_kernels", lambda *_: [row])
    options = ["--checkpoint", str(folder), "--threads", "1", "--precision", "fp32"]
    assert main(["generation", *options, "--kernels"]) == 0
    told = capsys.readouterr()
    (line,) = [line for line in told.out.splitlines() if "1,200" in line]
    assert line.split()[1::2] == ["100", "8", "1,200", "250", "90"]
    assert "onnxruntime's int8 LSTM was not measured" in told.err


def test_the_engine_is_set_against_gpt2_at_as_many_rows(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "NUM_ROUNDS", 1)
    rates = {1: 12.5, 8: 50.0}
    report = measure.measure(from_checkpoint(folder, "cpu"), "fp32", rates.__getitem__)
    gpt2 = report["gpt2"]
    assert (gpt2["batch_1_tokens_per_s"], gpt2["batch_8_tokens_per_s"]) == (12.5, 50.0)
    assert gpt2["ratio_at_1"] == pytest.approx(report["single"]["tokens_per_s"] / 12.5)
    assert gpt2["ratio_at_8"] == pytest.approx(report["concurrent_8"]["tokens_per_s"] / 50)


def test_a_missing_checkpoint_is_one_sentence_with_two_ways_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["generation", "--checkpoint", str(tmp_path / "none"), "--threads", "1"]) == 1
    message = capsys.readouterr().err
    assert "python -m model train" in message
    assert "--random-weights" in message


def test_a_busy_machine_is_named_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getloadavg", lambda: (50.0, 1.0, 1.0))
    assert "50.0" in (busy_warning(machine_facts()) or "")
    monkeypatch.setattr("os.getloadavg", lambda: (0.01, 50.0, 50.0))
    assert busy_warning(machine_facts()) is None

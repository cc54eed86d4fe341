"""The benchmark reports what it promises, and says when not to trust it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from benchmarks.__main__ import main
from benchmarks.generation import measure
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
    report = json.loads(capsys.readouterr().out)
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

"""Graphs against eager steps: what is measured on a GPU, tried without one."""

from pathlib import Path

import pytest
import torch
from rich.console import Console

from benchmarks.__main__ import main
from benchmarks.generation import command, graphs
from benchmarks.generation.graphs import compare_graphs, graphs_table
from benchmarks.generation.subject import from_checkpoint
from model.checkpoint import save_checkpoint
from tests.factories import short_lined_checkpoint


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_checkpoint(short_lined_checkpoint("tiny"), tmp_path / "tiny")
    return tmp_path / "tiny"


def test_each_way_has_its_figures_for_each_number_of_slots(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NUM_ROUNDS", "VERSES_PER_SLOT", "MIN_VERSES"):
        monkeypatch.setattr(graphs, name, 1)
    rows = compare_graphs(from_checkpoint(folder, "cpu"), (1, 2))
    assert [(row["slots"], row["way"]) for row in rows] == [
        (slots, way) for slots in (1, 2) for way in ("auto", "fp32", "eager")
    ]
    assert all(row["steps_per_s"] > 0 and row["verses_per_s"] > 0 for row in rows)
    assert rows[2]["engine"] == "fp32 (torch on cpu)"
    console = Console(width=120, record=True)
    console.print(graphs_table(rows))
    assert "1.0 times" in console.export_text()


def test_without_a_gpu_graphs_are_not_measured(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "_speeds", lambda *_: {})
    options = ["--checkpoint", str(folder), "--device", "cpu", "--json"]
    threads = torch.get_num_threads()
    try:
        assert main(["generation", *options, "--threads", "1", "--graphs"]) == 0
    finally:
        torch.set_num_threads(threads)
    told = capsys.readouterr()
    assert "--device cuda" in told.err
    assert '"graphs"' not in told.out

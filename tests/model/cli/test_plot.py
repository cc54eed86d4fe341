"""plot as a person runs it, on logs of runs."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from model.__main__ import main
from model.training.progress import CurvePoint


@pytest.fixture
def runs(tmp_path: Path) -> list[Path]:
    folders = [tmp_path / "plain", tmp_path / "雨夜"]
    for shift, folder in enumerate(folders):
        folder.mkdir()
        points = [
            CurvePoint(step / 5, step, step, 0.01, 2.0, 4.0 - step / 20 - shift, 9.0, 0.5, 1e3)
            for step in range(1, 21)
        ]
        lines = [json.dumps(asdict(point)) for point in points]
        (folder / "log.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folders


def plot(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["model", "plot", *map(str, arguments)])
    return main()


@pytest.mark.parametrize("options", [[], ["--x", "minutes"], ["--x", "epochs", "--no-training"]])
def test_runs_become_one_picture_and_the_best_of_each_is_told(
    runs: list[Path],
    options: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = runs[0].parent / "pictures" / "curves.png"
    assert plot(monkeypatch, *runs, "--out", out, *options) == 0
    assert out.read_bytes().startswith(b"\x89PNG")
    told = capsys.readouterr().err
    assert "3.0000" in told
    assert "2. 雨夜" in told


def test_a_folder_without_a_log_is_one_sentence(
    runs: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = runs[0].parent
    assert plot(monkeypatch, runs[0], empty, "--out", empty / "curves.png") == 2
    assert "no readable log.jsonl" in " ".join(capsys.readouterr().err.split())
    assert not (empty / "curves.png").exists()


def test_a_picture_that_is_no_png_is_one_sentence(
    runs: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert plot(monkeypatch, *runs, "--out", "curves.docx") == 2
    assert "ends in .png" in " ".join(capsys.readouterr().err.split())

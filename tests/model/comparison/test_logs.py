"""Logs of runs are read as they were written, interrupted or cut."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from model.comparison.logs import find_curves, read_log
from model.errors import ConfigError
from model.training.progress import CurvePoint

POINT = CurvePoint(1.0, 10, 5.0, 0.01, 2.0, 3.0, 8.0, 0.5, 1000.0)
STEPS = (10, 20, 30)


def write_log(folder: Path, steps: tuple[int, ...] = STEPS, tail: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(asdict(replace(POINT, step=step))) for step in steps]
    (folder / "log.jsonl").write_text("\n".join(lines) + "\n" + tail, encoding="utf-8")
    return folder


def test_a_log_is_read_in_order(tmp_path: Path) -> None:
    assert read_log(write_log(tmp_path)) == [replace(POINT, step=step) for step in STEPS]


def test_steps_made_again_after_an_interruption_come_once(tmp_path: Path) -> None:
    points = read_log(write_log(tmp_path, (10, 20, 30, 20, 30, 40)))
    assert [point.step for point in points] == [10, 20, 30, 40]


def test_a_last_line_that_was_cut_is_passed_over(tmp_path: Path) -> None:
    assert len(read_log(write_log(tmp_path, tail='{"epoch": 1.0, "st'))) == 3


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "no readable log.jsonl"), ("", "is empty"), ("{}\n{}\n", "Line 1")],
)
def test_a_folder_without_a_log_is_told_in_one_sentence(
    tmp_path: Path, content: str | None, told: str
) -> None:
    if content is not None:
        (tmp_path / "log.jsonl").write_text(content)
    with pytest.raises(ConfigError, match=told):
        read_log(tmp_path)


def test_curves_are_named_by_their_folders_as_far_as_needed(tmp_path: Path) -> None:
    one, two = write_log(tmp_path / "one"), write_log(tmp_path / "two")
    assert [curve.label for curve in find_curves([one, two / "log.jsonl"])] == ["one", "two"]
    again = write_log(tmp_path / "other" / "one")
    labels = [curve.label for curve in find_curves([one, again])]
    assert labels == [f"{tmp_path.name}/one", "other/one"]


def test_the_folder_of_a_comparison_stands_for_its_runs(tmp_path: Path) -> None:
    write_log(tmp_path / "runs" / "a")
    rows = [{"name": "gru", "folder": "runs/a"}, {"name": "exploded", "folder": "runs/b"}]
    (tmp_path / "comparison.json").write_text(json.dumps({"runs": rows}))
    assert [curve.label for curve in find_curves([tmp_path])] == ["gru"]

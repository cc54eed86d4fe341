"""The logs of training runs, read back for a picture."""

import json
from pathlib import Path

from model.errors import ConfigError
from model.evaluation.curve import Curve
from model.training.progress import CurvePoint

LOG = "log.jsonl"


def read_log(folder: Path) -> list[CurvePoint]:
    """Every validation of a run, in order; raises ConfigError where there is none to read.

    A run that was interrupted may have told of steps that it later made again, and a crash may have
    cut its last line.
    """
    path = folder / LOG
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{folder} has no readable {LOG}; give folders that `python -m model train` or "
            "`python -m model compare` has written."
        ) from error
    points: list[CurvePoint] = []
    for number, line in enumerate(lines, 1):
        try:
            point = CurvePoint(**json.loads(line))
        except (ValueError, TypeError) as error:
            if number == len(lines) and points:
                break
            raise ConfigError(
                f"Line {number} of {path} is no validation of a training run; remove it."
            ) from error
        while points and points[-1].step >= point.step:
            points.pop()
        points.append(point)
    if not points:
        raise ConfigError(f"{path} is empty: the run has not come to its first validation yet.")
    return points


def find_curves(paths: list[Path]) -> list[Curve]:
    """A curve for each run folder, and for each run in the folder of a comparison."""
    runs: dict[Path, str | None] = {}
    for path in paths:
        runs.update(_runs_of(path))
    unnamed = [folder for folder, label in runs.items() if label is None]
    is_ambiguous = len({_name(folder) for folder in unnamed}) < len(unnamed)
    return [
        Curve(label or _name(folder, with_parent=is_ambiguous), read_log(folder))
        for folder, label in runs.items()
    ]


def _runs_of(path: Path) -> dict[Path, str | None]:
    """Folders of runs with their names in a comparison, None where there is none."""
    if path.name == LOG:
        return {path.parent: None}
    report = path / "comparison.json"
    if not report.exists():
        return {path: None}
    rows = json.loads(report.read_text(encoding="utf-8"))["runs"]
    folders = {path / row["folder"]: str(row["name"]) for row in rows}
    return {folder: name for folder, name in folders.items() if (folder / LOG).exists()}


def _name(folder: Path, *, with_parent: bool = False) -> str:
    whole = folder.resolve()
    return f"{whole.parent.name}/{whole.name}" if with_parent else whole.name

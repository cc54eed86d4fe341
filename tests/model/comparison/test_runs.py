"""A run has a folder of its own settings, and its process may die without taking others along."""

import os
import signal
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from model.comparison import runs
from model.comparison.budget import Budget
from model.comparison.child import Job
from model.comparison.grid import build_grid
from model.comparison.material import plain_material
from model.comparison.outcome import Failed
from model.comparison.runs import Setup, finish_run, known_outcome, plan_runs
from model.corpus.plain_text import PlainText

CHOICES = build_grid(
    {"cell": ("rnn", "gru")}, {"vocab_size": 50, "unit": "character"}, 1, Budget(updates=5)
)


def setup(out: Path, text: str = "words and words\n") -> Setup:
    material = plain_material("text", PlainText("text", "en", text * 50, text * 5, text * 5))
    return Setup(out, material, "words", 0, "cpu", 1)


def test_a_folder_follows_from_settings_text_and_machine_alone(tmp_path: Path) -> None:
    first = setup(tmp_path)
    folders = [run.folder for run in plan_runs(CHOICES, first)]
    assert len(set(folders)) == 2
    assert folders == [run.folder for run in plan_runs(CHOICES, replace(first, rng_seed=1))]
    for other in (setup(tmp_path, "other words\n"), replace(first, threads=2)):
        assert not {*folders} & {run.folder for run in plan_runs(CHOICES, other)}


def _be_killed(job: Job, connection: Connection) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_process_is_a_failure_that_may_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "run_job", _be_killed)
    first = setup(tmp_path)
    run = plan_runs(CHOICES, first)[0]
    outcome = finish_run(run, first, lambda message: None)
    assert isinstance(outcome, Failed)
    assert "exit code -9" in outcome.reason
    assert known_outcome(run, first) is None

"""The whole command: a real bot process on sockets, a small crowd, and what is reported of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import main
from benchmarks.load import command
from model.checkpoint import save_checkpoint
from tests.factories import short_lined_checkpoint

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="memory is read from /proc"
)


@pytest.fixture
def checkpoint(tmp_path: Path) -> str:
    save_checkpoint(short_lined_checkpoint("starter-1"), tmp_path / "starter")
    return str(tmp_path / "starter")


@needs_proc
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_crowd_is_answered_beside_a_fine_tune_and_the_bot_tells_how_late_it_was(
    checkpoint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--checkpoint", checkpoint, "--rate", "8", "--seconds", "1", "--bursts", "20"]
    arguments += ["--verses", "40", "--retrain", "--json"]
    assert main(["load", *arguments]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["bot_errors"] == {}
    assert report["finetune"]["has_ended"]
    assert "training run 1" in report["finetune"]["told"]
    endurance = report["endurance"]
    assert endurance["verses"] >= 40
    assert (endurance["refused"], endurance["lost"]) == (0, 0)
    assert [*endurance["memory_mb"]] == ["0", str(endurance["verses"])]
    assert endurance["loop_lag_ms"]["p50"] >= 0
    scenarios = report["scenarios"]
    assert scenarios.keys() == {"rate", "burst-20"}
    assert scenarios["burst-20"]["sent"] == 20
    for each in scenarios.values():
        assert each["sent"] == each["verses"] > 0
        assert (each["refused"], each["lost"]) == (0, 0)
        assert 0 < each["acknowledgement_s"]["p50"] < each["verse_s"]["p50"]
        assert 0 <= each["loop_lag_ms"]["p50"] <= each["loop_lag_ms"]["max"]
        assert each["memory_mb"]["before"] > 50


@needs_proc
@pytest.mark.parametrize(("num_lost", "code"), [(0, 0), (1, 1)])
def test_a_request_that_is_lost_is_told_by_the_exit_code(
    num_lost: int, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measured(*_: object) -> dict[str, Any]:
        return {"scenarios": {"rate": {"lost": 0}, "burst-9": {"lost": num_lost}}}

    monkeypatch.setattr(command, "_measured", measured)
    assert main(["load", "--json"]) == code
    assert json.loads(capsys.readouterr().out)["scenarios"]["burst-9"]["lost"] == num_lost


@needs_proc
def test_a_missing_checkpoint_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["load", "--checkpoint", str(tmp_path / "none")]) == 1
    assert "manifest" in capsys.readouterr().err

"""The real child: it learns, measures, draws, explains itself, and dies with the bot."""

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import Config
from bot.config.config import PROJECT_FOLDER
from bot.locale import Sentence
from bot.retraining import process
from bot.retraining.job import Lyrics, TrainingJob, write_job
from bot.retraining.orders import Orders
from bot.retraining.process import _explain, _Reporter
from model.checkpoint import load_checkpoint
from model.config import FinetuneConfig
from model.errors import CorpusError
from model.training.progress import FinetuneProgress, Stage
from tests.bot.retraining.conftest import living
from tests.bot.retraining.waiting import is_gone, wait_until
from tests.factories import songs

_WORDS = [
    "Flour on the window, butter on the knee",
    "Roll it for the baker, roll it out for me",
    "Cherry for the chimney, plum upon the plate",
    "Anyone who whistles has to sit and wait",
]


@pytest.mark.timeout(300)
async def test_a_new_artist_is_learned_measured_and_live(config: Config) -> None:
    eager = config.retraining.model_copy(update={"learning_rate": 0.005, "epochs": 2})
    async with living(config.model_copy(update={"retraining": eager}), is_real=True) as life:
        for number in range(3):
            await life.teach_song("Pie Larkin", f"Pie {number}", _WORDS[number:] + _WORDS[:number])
        run = await life.start()
        seen = await life.follow(run)
        ended = await life.stored(run)
        log = (life.folder(run) / "child.log").read_text()
        assert ended.state == "promoted", (ended.reason, log)
        assert "Pie Larkin" in life.generation.artists(None)
        assert life.generation.live_version == ended.candidate
        stages = list(dict.fromkeys(each.stage for each in seen))
        assert stages[0] == "queued"
        assert stages[-4:] == ["training", "interpolation", "measuring", "done"]
        fractions = [each.fraction for each in seen]
        assert fractions == sorted(fractions)
        assert ended.figures["artists"].keys() == {"Pie Larkin"}
        assert "curve" not in ended.figures
        curve = life.retraining.curve(run.id)
        assert curve is not None
        assert curve.startswith(b"\x89PNG")
        folder = life.config.checkpoints_dir / str(ended.candidate)
        candidate = load_checkpoint(folder)
        assert candidate.parent == "starter-1"
        assert candidate.figures["new_songs"] == ended.figures["new_songs"]


@pytest.mark.timeout(300)
def test_it_dies_in_the_middle_of_its_work_when_the_bot_is_killed(
    starter: Path, tmp_path: Path
) -> None:
    job = TrainingJob(
        run_id=1,
        live_version="starter-1",
        live_folder=starter,
        candidate="2026-05-01-1",
        candidate_folder=tmp_path / "2026-05-01-1",
        device="cpu",
        num_threads=1,
        config=FinetuneConfig(epochs=1e6, artist_epochs=1e6, min_epoch_tokens=100_000),
    )
    write_job(tmp_path / "1", job, Lyrics(songs(), []))
    said = tmp_path / "said"
    bot = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'bot.retraining.process', sys.argv[1]],"
        " stdin=subprocess.PIPE, stdout=open(sys.argv[2], 'w'), start_new_session=True)\n"
        "print(child.pid, flush=True)\n"
        "child.wait()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", bot, str(tmp_path / "1"), str(said)],
        stdout=subprocess.PIPE,
        cwd=PROJECT_FOLDER,
    )
    assert parent.stdout is not None
    with parent.stdout:
        child = int(parent.stdout.readline())
    try:
        wait_until(lambda: '"artists"' in said.read_text())
        parent.kill()
        parent.wait()
        wait_until(lambda: is_gone(child))
    finally:
        parent.kill()
        parent.wait()
        if not is_gone(child):
            os.kill(child, signal.SIGKILL)
    assert not job.candidate_folder.exists()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (CorpusError("The new songs have one line each."), "The new songs have one line each."),
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full; make room"),
        (PermissionError(errno.EACCES, "Permission denied", "x"), "cannot be used"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "too little memory"),
        (ValueError("odd"), "ValueError: odd"),
    ],
)
def test_every_error_becomes_one_sentence(error: Exception, words: str) -> None:
    sentence = str(_explain(error))
    assert words in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_a_job_that_fails_says_why_and_ends_with_status_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "nice", lambda _: 0)
    monkeypatch.setattr(Orders, "follow", lambda _: None)
    assert process.main([str(tmp_path)]) == 1
    said = json.loads(capsys.readouterr().out)
    assert "job.json" in str(Sentence.from_data(said["error"]))


def test_reports_rise_over_the_whole_run_and_are_sparing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    reporter = _Reporter()
    stages: list[Stage] = ["replay", "artists", "training", "interpolation", "votes", "measuring"]
    for stage in stages:
        for step in range(100):
            reporter.report(FinetuneProgress(stage, step / 100, 3.0, 2.5))
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    fractions = [each["fraction"] for each in said]
    assert fractions == sorted(fractions)
    assert 0 < fractions[0] < fractions[-1] < 1
    assert len(stages) <= len(said) < 20
    assert all(each["eta_s"] >= 0 for each in said)

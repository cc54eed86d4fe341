"""What parent and child exchange survives the way there and back, and words are not kept."""

import json
import math
from pathlib import Path

import pytest

from bot.retraining.job import (
    Lyrics,
    TrainingJob,
    erase_lyrics,
    figures_of,
    prune,
    read_job,
    read_result,
    write_job,
    write_result,
)
from model.config import FinetuneConfig
from model.training.finetune import Comparison, FinetuneResult
from model.training.finetune_votes import VotesLearned
from model.training.preferences import JudgedVerse
from model.training.progress import FinetunePoint
from tests.factories import songs, tiny_checkpoint

JOB = TrainingJob(
    run_id=7,
    live_version="starter-1",
    live_folder=Path("/somewhere/starter"),
    candidate="2026-05-01-1",
    candidate_folder=Path("/somewhere/2026-05-01-1"),
    device="cpu",
    num_threads=2,
    config=FinetuneConfig(learning_rate=0.002, epochs=3, seed=7),
)


VERSE = JudgedVerse(artist="夜雨", text="雨落在旧城", weight=-0.25, seed="雨", context="灯下")


def test_a_job_is_read_as_it_was_written(tmp_path: Path) -> None:
    lyrics = Lyrics(songs()[:5], songs()[5:], [VERSE])
    write_job(tmp_path / "7", JOB, lyrics)
    assert read_job(tmp_path / "7") == (JOB, lyrics)


def test_the_words_are_erased_and_the_job_stays(tmp_path: Path) -> None:
    write_job(tmp_path / "7", JOB, Lyrics(songs(), songs(), [VERSE]))
    erase_lyrics(tmp_path / "7")
    erase_lyrics(tmp_path / "7")
    assert [path.name for path in (tmp_path / "7").iterdir()] == ["job.json"]


def test_figures_are_plain_json_without_nan(tmp_path: Path) -> None:
    points = [FinetunePoint("training", 1.0, math.nan, 2.0, 3.0)]
    result = FinetuneResult(
        tiny_checkpoint(),
        Comparison(2.5, 2.25),
        {"夜雨": Comparison(2.5, math.inf)},
        Comparison(2.0, math.nan),
        points,
    )
    figures = figures_of(result, num_songs=3, seconds=12.34)
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures
    assert figures["new_songs"] == {"live": 2.5, "candidate": 2.25}
    assert figures["others"] == {"live": 2.0, "candidate": None}
    assert figures["artists"] == {"夜雨": {"live": 2.5, "candidate": None}}
    assert figures["curve"][0]["train_loss"] is None
    assert (figures["num_songs"], figures["seconds"]) == (3, 12.3)
    write_result(tmp_path, figures)
    assert read_result(tmp_path) == figures


def test_figures_say_how_many_votes_of_how_many_people_were_learned() -> None:
    votes = VotesLearned(20, 4, 1.5, math.nan, 0.25)
    result = FinetuneResult(tiny_checkpoint(), None, {}, Comparison(2.0, 2.0), votes=votes)
    figures = figures_of(result, num_songs=0, seconds=1.0, num_votes=60, num_voters=7)
    assert figures["new_songs"] is None
    assert figures["votes"] == {
        "num_votes": 60,
        "num_voters": 7,
        "num_verses": 20,
        "num_held_out": 4,
        "margin": 1.5,
        "held_out_margin": None,
        "held_out_error": 0.25,
    }


@pytest.mark.parametrize("content", [None, "", "{", "[]"])
def test_a_result_that_is_none_raises(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "result.json").write_text(content)
    with pytest.raises((OSError, ValueError, TypeError)):
        read_result(tmp_path)


def test_the_newest_folders_are_kept_by_number(tmp_path: Path) -> None:
    for name in ("2", "9", "10", "11", ".matplotlib", "notes"):
        (tmp_path / name).mkdir()
    prune(tmp_path, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".matplotlib", "10", "11", "notes"]
    prune(tmp_path / "absent", 2)

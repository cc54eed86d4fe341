"""The whole study on a tiny checkpoint: what it prints, what it keeps, what it does not repeat."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
import torch

from benchmarks.__main__ import main
from benchmarks.finetuning import study
from benchmarks.finetuning.trial import Trial, run_trial
from model.checkpoint import save_checkpoint
from model.corpus.song import Song
from model.errors import TrainingError
from tests.factories import songs, tiny_checkpoint

QUICK = ["--set", "min_epoch_tokens=300", "--set", "artist_epochs=1", "--set", "epochs=1"]


@pytest.fixture(autouse=True)
def processor() -> Iterator[None]:
    """What a study sets for its whole process is set back."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)
    torch.set_flush_denormal(False)


@pytest.fixture
def arguments(tmp_path: Path) -> list[str]:
    save_checkpoint(tiny_checkpoint(), tmp_path / "tiny")
    new = [
        Song(
            "Pie Larkin", f"Pie {n}", f"Roll it for the baker, number {n}\nFlour on the knee", "en"
        )
        for n in range(8)
    ]
    files = {"new": new, "others": songs(40)}
    for name, written in files.items():
        lines = [json.dumps({**asdict(song), "lang": song.language}) for song in written]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return [
        *("finetuning", "--checkpoint", str(tmp_path / "tiny"), "--songs", "3"),
        *("--new", str(tmp_path / "new.jsonl"), "--others", str(tmp_path / "others.jsonl")),
        *("--out", str(tmp_path / "out"), *QUICK),
    ]


def trials_of(folder: Path) -> list[Trial]:
    values = json.loads((folder / "out" / "study.json").read_text(encoding="utf-8"))
    return [Trial.from_dict(each) for each in values["trials"]]


def test_a_trial_tells_the_truth_beside_what_the_run_believed(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 0
    (trial,) = trials_of(tmp_path)
    assert (trial.artist, trial.num_songs, trial.asked_for) == ("Pie Larkin", 3, 3)
    assert trial.new_songs.live != trial.estimated_new_songs.live
    assert trial.others_by_language.keys() == {"en", "zh"}
    ends = sorted(each.live for each in trial.others_by_language.values())
    assert ends[0] < trial.others.live < ends[1]
    assert list(trial.stage_seconds) == [
        *("replay", "artists", "training"),
        *(["interpolation"] if "interpolation" in trial.stage_seconds else []),
        "measuring",
    ]
    assert trial.cpu_seconds == pytest.approx(sum(trial.stage_seconds.values()), abs=0.02)
    printed = capsys.readouterr().out
    assert printed == (tmp_path / "out" / "study.md").read_text(encoding="utf-8")
    assert f"| {trial.new_songs.live:.4f} | {trial.new_songs.candidate:.4f} |" in printed


def test_a_study_goes_on_where_it_was_left(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(arguments) == 0
    begun = trials_of(tmp_path)
    run: list[str] = []

    def counting(*given: object) -> Trial:
        run.append(given[1].name)  # type: ignore[attr-defined]
        return run_trial(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(study, "run_trial", counting)
    assert main([*arguments, "--vary", "epochs=0"]) == 0
    assert run == ["min_epoch_tokens=300 artist_epochs=1.0 epochs=0.0"]
    assert trials_of(tmp_path)[:1] == begun
    assert main([*arguments, "--songs", "4"]) == 0
    assert len(run) == 2


def test_a_trial_that_fails_is_named_and_the_next_is_run(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def explode(*_: object) -> Trial:
        raise TrainingError("The loss exploded.")

    monkeypatch.setattr(study, "run_trial", explode)
    assert main([*arguments, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["trials"] == []
    (failure,) = figures["failures"]
    assert failure.endswith("epochs=1.0 · Pie Larkin · 3 songs: The loss exploded.")
    assert "The loss exploded" in (tmp_path / "out" / "study.md").read_text(encoding="utf-8")


def test_songs_of_the_others_can_be_read_again(arguments: list[str], tmp_path: Path) -> None:
    """Then the run measures the others by their own songs as well, and believes something else."""
    assert main(arguments) == 0
    assert main([*arguments, "--replay", "2000", "--out", str(tmp_path / "again" / "out")]) == 0
    (without,), (with_songs,) = trials_of(tmp_path), trials_of(tmp_path / "again")
    assert with_songs.others.live == without.others.live
    assert with_songs.estimated_others.live != without.estimated_others.live


def test_a_missing_checkpoint_is_one_sentence(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments[arguments.index("--checkpoint") + 1] = str(tmp_path / "none")
    assert main(arguments) == 1
    assert "manifest" in capsys.readouterr().err

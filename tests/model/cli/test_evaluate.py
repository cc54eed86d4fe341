"""`evaluate --dynamic` puts what learning on the way gives beside the plain score."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from model.__main__ import main
from model.checkpoint import save_checkpoint
from model.corpus.song import Song
from model.corpus.split import split_of
from model.evaluation.dynamic import NORMALISED_LEARNING_RATE, PLAIN_LEARNING_RATE
from tests.factories import songs, tiny_checkpoint

Evaluate = Callable[..., dict[str, Any]]


def write_corpus(path: Path, chosen: Sequence[Song]) -> Path:
    rows = [{"artist": s.artist, "title": s.title, "text": s.text} for s in chosen]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def evaluate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Evaluate:
    """Runs the command on a tiny checkpoint and returns its report."""
    save_checkpoint(tiny_checkpoint(), tmp_path / "tiny")

    def run(corpus: Path, *arguments: object) -> dict[str, Any]:
        command = ["evaluate", "--checkpoint", tmp_path / "tiny", "--corpus", corpus, "--json"]
        monkeypatch.setattr(sys, "argv", ["model", *map(str, command), *map(str, arguments)])
        assert main() == 0
        report: dict[str, Any] = json.loads(capsys.readouterr().out)
        return report

    return run


def test_both_figures_are_reported_in_all_by_language_and_by_artist(
    tmp_path: Path, evaluate: Evaluate
) -> None:
    corpus = write_corpus(tmp_path / "songs.jsonl", songs(4))
    report = evaluate(corpus, "--split", "all", "--dynamic")
    dynamic = report["dynamic"]
    assert dynamic["bits_per_character"] < report["bits_per_character"]
    assert dynamic["learning_rate"] == NORMALISED_LEARNING_RATE
    for group in ("languages", "artists"):
        assert dynamic[group].keys() == report[group].keys()
    assert dynamic["characters"] == report["characters"]


def test_without_a_learning_rate_both_are_the_same(tmp_path: Path, evaluate: Evaluate) -> None:
    corpus = write_corpus(tmp_path / "songs.jsonl", songs(2))
    report = evaluate(corpus, "--split", "all", "--dynamic", "--dynamic-learning-rate", 0)
    assert report["dynamic"]["artists"] == report["artists"]


def test_without_training_songs_it_descends_plainly(tmp_path: Path, evaluate: Evaluate) -> None:
    held_out = [song for song in songs(40) if split_of(song.artist, song.title) == "test"]
    report = evaluate(write_corpus(tmp_path / "songs.jsonl", held_out), "--dynamic")
    assert report["dynamic"]["learning_rate"] == PLAIN_LEARNING_RATE
    assert report["dynamic"]["songs"] == len(held_out)


def test_it_is_left_out_unless_asked_for(tmp_path: Path, evaluate: Evaluate) -> None:
    corpus = write_corpus(tmp_path / "songs.jsonl", songs(2))
    assert "dynamic" not in evaluate(corpus, "--split", "all")

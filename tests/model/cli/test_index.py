"""`python -m model index` as a person runs it."""

import json
import sys
from pathlib import Path

import pytest

from model.__main__ import main
from model.checkpoint import load_checkpoint, save_checkpoint
from model.copyguard import MAX_RUN, CopyIndex
from tests.factories import songs, tiny_checkpoint

OTHER = "Salt on the window, salt on the floor\nThe sea wants nothing, and then it wants more"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_checkpoint(tiny_checkpoint(), tmp_path / "tiny")
    return tmp_path / "tiny"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "songs.jsonl"
    rows = [{"artist": s.artist, "title": s.title, "text": s.text} for s in songs()]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def other(tmp_path: Path) -> Path:
    path = tmp_path / "other.jsonl"
    path.write_text(json.dumps({"artist": "Nova Brine", "title": "Salt", "text": OTHER}))
    return path


def _index(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["model", "index", *map(str, arguments)])
    return main()


def _said(capsys: pytest.CaptureFixture[str]) -> str:
    """On the error stream, without its line ends."""
    return " ".join(capsys.readouterr().err.split())


def test_a_checkpoint_gets_the_index_of_every_song(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    corpus: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    weights = (folder / "weights.safetensors").read_bytes()
    assert _index(monkeypatch, "--checkpoint", folder, "--corpus", corpus) == 0
    index = load_checkpoint(folder).copy_index
    assert index.to_bytes() == CopyIndex.build(song.text for song in songs()).to_bytes()
    assert (folder / "weights.safetensors").read_bytes() == weights
    assert f"knows {index.num_runs} runs of {MAX_RUN + 1} words" in _said(capsys)


def test_a_checkpoint_learns_how_its_artists_make_lines(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    corpus: Path,
    other: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _index(monkeypatch, "--checkpoint", folder, "--corpus", corpus)
    first = load_checkpoint(folder).craft
    assert {*first.habits} == {"Mara Quill", "Roof Fox", "夜雨"}
    assert {"tonight", "light", "檐"} <= {*first.line_ends}
    assert f"{len(first.line_ends)} words that lines end on" in _said(capsys)
    _index(monkeypatch, "--checkpoint", folder, "--corpus", corpus, other, "--add")
    both = load_checkpoint(folder).craft
    assert both.line_ends[: len(first.line_ends)] == first.line_ends
    assert both.habits.items() >= first.habits.items()


def test_another_corpus_takes_the_place_of_the_first_or_joins_it(
    monkeypatch: pytest.MonkeyPatch, folder: Path, corpus: Path, other: Path
) -> None:
    _index(monkeypatch, "--checkpoint", folder, "--corpus", corpus)
    first = load_checkpoint(folder).copy_index
    assert _index(monkeypatch, "--checkpoint", folder, "--corpus", other, "--add") == 0
    both = load_checkpoint(folder).copy_index
    assert both.to_bytes() == first.add([OTHER]).to_bytes()
    assert _index(monkeypatch, "--checkpoint", folder, "--corpus", other) == 0
    assert load_checkpoint(folder).copy_index.to_bytes() == CopyIndex.build([OTHER]).to_bytes()


def test_a_body_of_text_is_indexed_across_the_pieces_that_it_is_read_in(
    monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path
) -> None:
    text = " ".join(f"w{number}" for number in range(900))
    (tmp_path / "body.txt").write_text(text)
    assert _index(monkeypatch, "--checkpoint", folder, "--corpus", tmp_path / "body.txt") == 0
    assert load_checkpoint(folder).copy_index.num_runs == 900 - MAX_RUN


def test_runs_may_be_shorter_but_not_within_one_index(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    corpus: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["--checkpoint", folder, "--corpus", corpus]
    assert _index(monkeypatch, *arguments, "--max-run", 4) == 0
    assert load_checkpoint(folder).copy_index.max_run == 4
    assert _index(monkeypatch, *arguments, "--add") == 0
    assert load_checkpoint(folder).copy_index.max_run == 4
    assert _index(monkeypatch, *arguments, "--add", "--max-run", 5) == 2
    assert "allows 4 words" in _said(capsys)
    assert _index(monkeypatch, *arguments, "--max-run", 0) == 2
    assert "one word at least" in _said(capsys)

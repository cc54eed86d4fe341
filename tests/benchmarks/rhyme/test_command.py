"""`python -m benchmarks rhyme`: a row for each number of tries or each set of weights."""

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.rhyme import command
from model.checkpoint import save_checkpoint
from tests.factories import short_lined_checkpoint, songs


@pytest.fixture
def arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(command, "CANDIDATES", (1, 8))
    made = songs(12)
    save_checkpoint(short_lined_checkpoint("short"), tmp_path / "short")
    rows = [{"artist": s.artist, "title": s.title, "text": s.text} for s in made]
    corpus = tmp_path / "songs.jsonl"
    corpus.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return [
        *("rhyme", "--corpus", str(corpus), "--checkpoint", str(tmp_path / "short")),
        *("--artists", made[0].artist, "--verses", "2", "--threads", "1"),
    ]


def test_plain_sampling_comes_first_and_the_default_is_marked(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "rhyme.png"
    assert main([*arguments, "--json", "--picture", str(picture)]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [row["name"] for row in rows] == ["plain", "1", "8"]
    assert [row.get("is_default", False) for row in rows] == [False, False, True]
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_weights_are_compared_by_name(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--weights", "density=2,voice=0", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [row["name"] for row in rows] == ["plain", "density 2, voice 0"]


def test_an_unknown_weight_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--weights", "charm=1"]) == 1
    assert "charm" in capsys.readouterr().err

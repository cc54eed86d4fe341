"""`python -m benchmarks electorate`: a row for each electorate, and a picture."""

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from model.checkpoint import save_checkpoint
from model.training import replay
from tests.factories import short_lined_checkpoint, songs


@pytest.fixture
def arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(replay, "_TOKENS_A_ROW", 80)  # short rows are sampled sooner
    made = songs(40)
    save_checkpoint(short_lined_checkpoint("short"), tmp_path / "short")
    rows = [{"artist": s.artist, "title": s.title, "text": s.text} for s in made]
    corpus = tmp_path / "songs.jsonl"
    corpus.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return [
        *("electorate", "--corpus", str(corpus), "--checkpoint", str(tmp_path / "short")),
        *("--artists", "Mara Quill", "Roof Fox", "--verses", "12", "--voters", "5"),
        *("--votes", "6", "--plain", "4", "--searched", "2", "--songs", "4"),
    ]


def test_each_electorate_then_chance_then_a_brigade(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "electorate.png"
    settings = ["--set", "votes_epochs=1", "--set", "min_epoch_tokens=600", "--set", "batch_size=2"]
    asked = ["--likes", "short lines", "--json", "--picture", str(picture), *settings]
    assert main([*arguments, *asked]) == 0
    trials = json.loads(capsys.readouterr().out)["trials"]
    assert [each["name"] for each in trials] == [
        "short lines",
        "chance",
        "short lines, and a brigade",
    ]
    assert [each["num_votes"] for each in trials] == [30, 30, 30 + 50 * 6]
    assert trials[0]["plain"].keys() == {"rhyme", "short lines", "nature words"}
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("wrong", [["--artists", "Nobody"], ["--set", "votes_share=1.5"]])
def test_what_cannot_be_is_refused(
    arguments: list[str], wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, *wrong]) == 1
    assert wrong[1].rpartition("=")[2] in capsys.readouterr().err

"""`evaluate --verses` puts searched verses beside plain ones and real ones."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from model.__main__ import main
from model.checkpoint import save_checkpoint
from model.cli.evaluate_verses import ROWS
from tests.factories import short_lined_checkpoint, songs

Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    save_checkpoint(short_lined_checkpoint("short"), tmp_path / "short")
    rows = [{"artist": s.artist, "title": s.title, "text": s.text} for s in songs(24)]
    corpus = tmp_path / "songs.jsonl"
    corpus.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")

    def call(*arguments: object) -> int:
        command = ["evaluate", "--checkpoint", tmp_path / "short", "--corpus", corpus, *arguments]
        monkeypatch.setattr(sys, "argv", ["model", *map(str, command)])
        return main()

    return call


def test_three_columns_have_all_figures(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "verses.png"
    assert run("--verses", 4, "--candidates", 2, "--picture", picture, "--json") == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    for name in ("verses", "plain", "real"):
        assert ROWS.keys() <= report[name].keys()
    assert report["verses"]["pieces"] == report["plain"]["pieces"] == 4
    assert len(report["verses"]["texts"]) == 4
    assert report["verses"]["texts"] != report["plain"]["texts"]
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_the_same_number_gives_the_same_verses(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = []
    for rng_seed in (5, 5, 6):
        assert run("--verses", 3, "--candidates", 2, "--rng-seed", rng_seed, "--json") == 0
        texts.append(json.loads(capsys.readouterr().out)["verses"]["texts"])
    assert texts[0] == texts[1] != texts[2]


def test_a_table_is_printed_for_people(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--verses", 2, "--candidates", 1) == 0
    assert "rhyme density" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--verses", 0), "at least 1"),
        (("--verses", 2, "--artists", "Nobody"), "does not know Nobody"),
        (("--verses", 2, "--language", "fr"), "No artist"),
    ],
)
def test_what_cannot_be_studied_is_refused_in_a_sentence(
    run: Run, arguments: tuple[object, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) != 0
    assert says in " ".join(capsys.readouterr().err.split())

"""beats train, sample and evaluate as a person runs them, on a handful of marches."""

import json
import sys
from pathlib import Path

import pytest

from model.__main__ import main
from model.beats.checkpoint import save_beat_checkpoint
from model.midi import read_midi, write_midi
from tests.factories import march, tiny_beat_checkpoint

_SMALL = [
    *("--embedding-size", "8", "--hidden-size", "12", "--artist-size", "4", "--nade-size", "4"),
    *("--batch-size", "4", "--window", "16", "--max-updates", "6", "--version", "small"),
]


def _model(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["model", "beats", *map(str, arguments)])
    return main()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for style in ("march", "polka"):
        folder = tmp_path / "corpus" / style
        folder.mkdir(parents=True)
        for number in range(40):
            (folder / f"{number}.mid").write_bytes(write_midi(march(number, num_bars=2)))
    return tmp_path / "corpus"


def test_a_model_is_trained_written_with_and_measured(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    corpus: Path,
) -> None:
    best = tmp_path / "run" / "best"
    assert _model(monkeypatch, "train", corpus, "--out", tmp_path / "run", *_SMALL) == 0
    assert (tmp_path / "run" / "curve.png").exists()
    assert "nats per frame on validation" in " ".join(capsys.readouterr().err.split())

    asked = ("--bars", "2", "--rng-seed", "5", "--beats", "2", "--checkpoint", best)
    for name in ("once", "again"):
        assert _model(monkeypatch, "sample", *asked, "--out", tmp_path / name) == 0
    files = sorted(path.name for path in (tmp_path / "once").iterdir())
    assert files == ["march-5.mid", "march-6.mid", "polka-5.mid", "polka-6.mid"]
    for name in files:
        written = (tmp_path / "once" / name).read_bytes()
        assert written == (tmp_path / "again" / name).read_bytes()

    capsys.readouterr()
    told = ("--checkpoint", best, "--corpus", corpus, "--beats", "4", "--bars", "2", "--json")
    assert _model(monkeypatch, "evaluate", *told) == 0
    report = json.loads(capsys.readouterr().out)
    assert {*report["nats_per_frame"]} <= {"march", "polka"}
    for kind in ("generated", "held out"):
        assert {*report["beats"][kind]} == {"all", "march", "polka"}
        assert report["beats"][kind]["all"]["pieces"] == 4
    assert report["beats"]["held out"]["all"]["notes_per_bar"] == 7


def test_a_prime_opens_the_beat(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    save_beat_checkpoint(tiny_beat_checkpoint(), tmp_path / "beats")
    (tmp_path / "prime.mid").write_bytes(write_midi(march(num_bars=2)))
    asked = ("--checkpoint", tmp_path / "beats", "--style", "march", "--bars", "2")
    given = ("--prime", tmp_path / "prime.mid", "--rng-seed", "1", "--tempo", "99", "--pictures")
    assert _model(monkeypatch, "sample", *asked, *given, "--out", tmp_path / "out") == 0
    roll = read_midi((tmp_path / "out" / "march-1.mid").read_bytes())
    assert (len(roll), roll.tempo) == (64, 99)
    assert (roll.frames[:32] == march(num_bars=2).frames).all()
    assert (tmp_path / "out" / "march-1.png").stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--style", "jazz"), "does not know 'jazz'; it knows march, waltz"),
        (("--bars", "99"), "num_bars must lie between 1 and 32"),
        (("--prime", "nowhere.mid"), "nowhere.mid cannot be read"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: tuple[str, ...],
    sentence: str,
) -> None:
    save_beat_checkpoint(tiny_beat_checkpoint(), tmp_path / "beats")
    asked = ("--checkpoint", tmp_path / "beats", "--out", tmp_path / "out")
    assert _model(monkeypatch, "sample", *asked, *arguments) == 2
    assert sentence in " ".join(capsys.readouterr().err.split())


def test_nothing_is_measured_in_a_style_that_is_not_known(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    corpus: Path,
) -> None:
    save_beat_checkpoint(tiny_beat_checkpoint(), tmp_path / "beats")
    asked = ("--checkpoint", tmp_path / "beats", "--corpus", corpus, "--style", "jazz")
    assert _model(monkeypatch, "evaluate", *asked) == 2
    assert "does not know 'jazz'" in " ".join(capsys.readouterr().err.split())

"""compare as a person runs it: a table over a grid, on songs and on plain text, in a few steps."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from model.__main__ import main
from model.cli.compare_view import CompareView
from model.comparison.logs import read_log
from tests.factories import songs

SMALL = [
    *("--budget", "20u", "--hidden-sizes", "16", "--embedding-size", "12", "--artist-size", "4"),
    *("--batch-size", "2", "--window", "16", "--vocab-size", "300", "--threads", "1"),
]
FIGURES = {
    "num_parameters",
    "vocab_size",
    "updates",
    "epochs",
    "seconds",
    "tokens_per_s",
    "characters_per_s",
    "peak_memory_mb",
    "validation_bits_per_character",
}


def compare(*arguments: object) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["model", "compare", *SMALL, *map(str, arguments)])
        return main()


def told(capsys: pytest.CaptureFixture[str]) -> str:
    """What the console says, without line ends."""
    return " ".join(capsys.readouterr().err.split())


def report(out: Path) -> dict[str, Any]:
    result: dict[str, Any] = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    return result


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One body of Chinese lyrics without a heading."""
    path = tmp_path_factory.mktemp("corpus") / "歌词.txt"
    text = "\n\n".join(song.text for song in songs(60) if song.language == "zh")
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def song_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "songs.jsonl"
    rows = [{"artist": s.artist, "title": s.title, "text": s.text} for s in songs(60)]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def grid(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[object]]:
    """The folder of a comparison of three networks, one of which explodes, and its command."""
    out = tmp_path_factory.mktemp("out")
    arguments = ["--corpus", plain, "--out", out, "--cells", "gru", "--seed-text", "雨 |"]
    arguments += ["--features", "embedding,one-hot", "--vary", "learning_rate=0.01,1e6"]
    assert compare(*arguments) == 0
    return out, arguments


@pytest.fixture
def own_grid(grid: tuple[Path, list[object]], tmp_path: Path) -> tuple[Path, list[object]]:
    """The same, for tests that go on with it."""
    out = Path(shutil.copytree(grid[0], tmp_path / "own"))
    return out, [out if argument == grid[0] else argument for argument in grid[1]]


def test_a_comparison_tells_all_figures_of_every_run(grid: tuple[Path, list[object]]) -> None:
    whole = report(grid[0])
    assert whole["corpus"]["is_plain"]
    assert whole["corpus"]["num_characters"]["test"] > 100
    assert whole["budget"] == {"seconds": 0, "updates": 20}
    measured = [row for row in whole["runs"] if row["error"] is None]
    assert len(measured) == 2
    for row in measured:
        assert row.keys() > FIGURES
        assert all(row[name] > 0 for name in FIGURES)
        assert row["updates"] == 20
        assert 0 < row["train"]["bits_per_character"] < 8
        assert row["held_out"]["perplexity"] > 1
        assert row["sample"].startswith("雨 |")
        assert row["network"]["tied_output"] == (row["network"]["features"] == "embedding")
    bits = [row["held_out"]["bits_per_character"] for row in measured]
    assert bits == sorted(bits)


def test_a_run_that_explodes_is_a_row_that_says_so(grid: tuple[Path, list[object]]) -> None:
    failed = report(grid[0])["runs"][2:]
    assert [row["varied"]["learning_rate"] for row in failed] == [1e6, 1e6]
    assert all("exploded" in row["error"] for row in failed)
    assert "**embedding, learning_rate 1e+06** failed" in (grid[0] / "comparison.md").read_text()


def test_a_comparison_is_a_table_with_samples_and_one_picture(
    grid: tuple[Path, list[object]],
) -> None:
    markdown = (grid[0] / "comparison.md").read_text(encoding="utf-8")
    assert "| features | learning_rate | held-out bits/char |" in markdown
    assert "    雨 |" in markdown
    assert (grid[0] / "comparison.png").read_bytes().startswith(b"\x89PNG")


def test_the_same_command_repeats_nothing_and_a_larger_grid_only_what_is_new(
    own_grid: tuple[Path, list[object]], capsys: pytest.CaptureFixture[str]
) -> None:
    out, arguments = own_grid
    before = {path: path.stat().st_mtime_ns for path in out.glob("runs/*/*")}
    assert compare(*arguments) == 0
    assert told(capsys).count("(kept from before)") == 4
    assert compare(*arguments, "--cells", "gru,rnn", "--features", "embedding") == 0
    assert told(capsys).count("(kept from before)") == 2
    assert (
        before.items() <= {path: path.stat().st_mtime_ns for path in out.glob("runs/*/*")}.items()
    )
    assert len(report(out)["runs"]) == 4


def test_another_seed_text_needs_no_training(own_grid: tuple[Path, list[object]]) -> None:
    out, arguments = own_grid
    logs = {path: path.read_bytes() for path in out.glob("runs/*/log.jsonl")}
    assert compare(*arguments, "--seed-text", "街角") == 0
    sampled = [row["sample"] for row in report(out)["runs"] if row["error"] is None]
    assert all(sample.startswith("街角") for sample in sampled)
    assert logs == {path: path.read_bytes() for path in logs}


def test_an_interrupted_comparison_goes_on_where_it_stopped(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(view: CompareView, message: object) -> None:
        raise KeyboardInterrupt

    arguments = ["--corpus", plain, "--out", tmp_path, "--cells", "rnn", "--budget", "60u"]
    with monkeypatch.context() as patch:
        patch.setattr(CompareView, "on_message", interrupt)
        assert compare(*arguments) == 130
    assert not (tmp_path / "comparison.json").exists()
    assert compare(*arguments) == 0
    (run,) = report(tmp_path)["runs"]
    steps = [point.step for point in read_log(tmp_path / run["folder"])]
    assert (run["updates"], steps) == (60, [15, 30, 45, 60])


def test_songs_are_compared_by_their_artists(
    song_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--corpus", song_file, "--out", tmp_path, "--cells", "lstm"]
    assert compare(*arguments, "--conditionings", "none,film", "--units", "word") == 0
    whole = report(tmp_path)
    assert "songs by 3 artists" in told(capsys)
    assert (whole["corpus"]["is_plain"], whole["corpus"]["num_artists"]) == (False, 3)
    names = {row["name"] for row in whole["runs"]}
    assert names == {"conditioning none", "conditioning film"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--cells", "lstm,tanh"], "cell must be one of"),
        (["--features", "one-hot", "--tied", "true"], "no embedding to tie"),
        (["--budget", "soon"], "cannot be read"),
        (["--batch-size", "5000"], "smaller batch_size"),
        (["--vary", "weight_dropout"], "names no values"),
        (["--vary", "cell=gru", "--cells", "rnn"], "given twice"),
        (["--seed-text", "la " * 100], "too long"),
        (["--songs"], "No song"),
    ],
)
def test_what_is_impossible_is_told_before_anything_is_trained(
    plain: Path,
    arguments: list[str],
    sentence: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    assert compare("--corpus", plain, "--out", out, *arguments) == 2
    assert sentence in told(capsys)
    assert not out.exists()


def test_conditioning_on_one_artist_is_allowed_and_said_to_be_the_same(
    plain: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--corpus", plain, "--out", tmp_path, "--cells", "rnn"]
    assert compare(*arguments, "--conditionings", "none,concat") == 0
    assert "There is one artist" in told(capsys)
    assert len(report(tmp_path)["runs"]) == 2


def test_a_text_with_headings_is_songs_unless_said_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "Mara Quill.txt"
    parts = [f"# Song {number}\n\n{song.text}" for number, song in enumerate(songs(80)[::3])]
    corpus.write_text("\n\n".join(parts), encoding="utf-8")
    arguments = ["--corpus", corpus, "--cells", "rnn", "--budget", "4u"]
    assert compare(*arguments, "--out", tmp_path / "songs") == 0
    assert "80 songs by 1 artist" in told(capsys)
    assert compare(*arguments, "--out", tmp_path / "plain", "--plain") == 0
    assert report(tmp_path / "plain")["corpus"]["is_plain"]

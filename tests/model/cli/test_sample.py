"""`python -m model sample`: voices and blends, strategies and what overrides them."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from model.__main__ import main
from model.checkpoint import save_checkpoint
from model.cli.sample import read_voice
from model.errors import ConfigError
from model.sampling import STRATEGIES
from tests.factories import tiny_checkpoint

KNOWN = ("Edward Lear", "Lord Byron", "1+1=2")

Sample = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    checkpoint = tiny_checkpoint()
    with torch.no_grad():
        checkpoint.model.token_embedding.weight.mul_(6)
        checkpoint.model.artist_embedding.weight.mul_(20)
        checkpoint.model.output_bias[checkpoint.tokenizer.newline_id] += 4
    save_checkpoint(checkpoint, tmp_path / "tiny")
    return tmp_path / "tiny"


@pytest.fixture
def sample(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> Sample:
    def run(*options: str) -> list[dict[str, Any]]:
        arguments = [
            "model",
            "sample",
            "--checkpoint",
            str(folder),
            "--lines",
            "3",
            "--seed",
            "slim",
            "--json",
        ]
        monkeypatch.setattr(sys, "argv", [*arguments, *options])
        status = main()
        written = capsys.readouterr()
        assert status == 0, written.err
        return [json.loads(line) for line in written.out.splitlines()]

    return run


@pytest.mark.parametrize(
    ("options", "voice"),
    [
        (["Edward Lear"], {"Edward Lear": 1}),
        (["Edward Lear=0.7", "Lord Byron=0.3"], {"Edward Lear": 0.7, "Lord Byron": 0.3}),
        (["Edward Lear", "Lord Byron"], {"Edward Lear": 1, "Lord Byron": 1}),
        (["1+1=2"], {"1+1=2": 1}),
        (["1+1=2=3"], {"1+1=2": 3}),
    ],
)
def test_a_voice_is_names_with_weights(options: list[str], voice: dict[str, float]) -> None:
    assert read_voice(options, KNOWN) == voice


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "--artist"),
        (["Nobody"], "'Nobody'"),
        (["Nobody=2"], "'Nobody'"),
        (["Edward Lear=much"], "Edward Lear=0.7"),
        (["Edward Lear", "Edward Lear=2"], "twice"),
    ],
)
def test_a_voice_that_cannot_be_is_one_sentence(options: list[str], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        read_voice(options, KNOWN)


def test_the_only_artist_need_not_be_named() -> None:
    assert read_voice([], ["Lord Byron"]) == {"Lord Byron": 1}


def test_a_single_artist_is_shown_by_name_and_a_blend_with_its_weights(sample: Sample) -> None:
    (single,) = sample("--artist", "Roof Fox", "--rng-seed", "5")
    blend = sample("--artist", "Roof Fox=0.25", "--artist", "夜雨=0.75", "--rng-seed", "5")[0]
    assert single["artist"] == "Roof Fox"
    assert blend["artist"] == {"Roof Fox": 0.25, "夜雨": 0.75}
    assert single["text"] != blend["text"]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_writes_and_says_how(sample: Sample, strategy: str) -> None:
    options = ("--artist", "Roof Fox", "--rng-seed", "2", "--strategy", strategy)
    (verse,) = sample(*options)
    assert verse["text"].startswith("slim")
    preset = STRATEGIES[strategy]
    assert verse["sampling"]["temperature"] == preset.temperature
    assert verse["sampling"]["greedy_inside_lines"] == preset.greedy_inside_lines
    assert sample(*options) == [verse]


def test_what_is_said_outright_overrides_the_strategy(sample: Sample) -> None:
    verse = sample(
        *("--artist", "Roof Fox", "--strategy", "combined", "--temperature", "0.5"),
        *("--typical-p", "0.9", "--no-greedy-inside-lines"),
    )[0]
    assert verse["sampling"] == {
        "temperature": 0.5,
        "top_k": 0,
        "top_p": 1.0,
        "repetition_penalty": 1.0,
        "typical_p": 0.9,
        "greedy_inside_lines": False,
    }


def test_greedy_verses_do_not_depend_on_the_number(sample: Sample) -> None:
    verses = sample("--artist", "Roof Fox", "--strategy", "greedy", "--verses", "3")
    assert len({verse["text"] for verse in verses}) == 1
    assert len({verse["rng_seed"] for verse in verses}) == 3


def test_impossible_weights_and_shares_are_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    for options in (["--artist", "Roof Fox=-1"], ["--artist", "Roof Fox", "--typical-p", "0"]):
        monkeypatch.setattr(sys, "argv", ["model", "sample", "--checkpoint", str(folder), *options])
        assert main() == 2
        assert "must" in capsys.readouterr().err


def test_a_search_for_rhymes_is_asked_for_by_name(sample: Sample) -> None:
    options = ("--artist", "Mara Quill", "--seed", "the moon", "--rng-seed", "3", "--lines", "4")
    plain, free = sample(*options), sample(*options, "--rhyme", "free", "--candidates", "2")
    assert free[0]["text"] != plain[0]["text"]
    assert free[0]["text"].startswith("the moon")
    assert sample(*options, "--rhyme", "free", "--candidates", "2") == free
    assert len(sample(*options, "--rhyme", "own", "--verses", "2")) == 2

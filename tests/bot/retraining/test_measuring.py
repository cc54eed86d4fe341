"""Candidate and live checkpoint are held against each other on equal terms, and poison is seen."""

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.retraining import measuring
from bot.retraining.canaries import SEEDS, _is_loop, sing
from bot.retraining.gate import judge
from bot.retraining.job import Lyrics, figures_of
from bot.retraining.measuring import measure
from model.checkpoint import Checkpoint
from model.config import FinetuneConfig
from model.corpus.song import Song
from model.training.finetune import finetune
from tests.factories import short_lined_checkpoint, songs


@pytest.fixture(scope="module")
def live() -> Checkpoint:
    return short_lined_checkpoint("live")


def test_a_twin_neither_gains_nor_loses_nor_sings_otherwise(live: Checkpoint) -> None:
    twin = replace(live, version="twin", parent="live")
    mine = [song for song in songs() if song.artist == "Mara Quill"]
    figures = measure(live, twin, Lyrics(mine, songs()), seed=1)
    assert figures["touched"].keys() == {"Mara Quill"}
    assert figures["untouched"].keys() == {"Roof Fox", "夜雨"}
    for each in (*figures["touched"].values(), *figures["untouched"].values()):
        assert each["live"] == pytest.approx(each["candidate"])
        assert each["standard_error"] == pytest.approx(0, abs=1e-6)
        assert each["num_characters"] > 50
    assert all(each["live"] == each["candidate"] for each in figures["canaries"])
    assert [each["artist"] for each in figures["canaries"]].count("Mara Quill") == 4


def test_without_songs_everybody_is_another(live: Checkpoint) -> None:
    twin = replace(live, version="twin", parent="live")
    figures = measure(live, twin, Lyrics([], []), seed=1)
    assert figures["touched"] == {}
    assert figures["untouched"].keys() == set(live.artists)
    assert len(figures["canaries"]) == len(live.artists)


def test_measuring_steps_aside_from_its_first_step_to_its_last(
    live: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    asides: list[str] = []
    stage = "reading"

    def sing_after(*arguments: Any) -> list[dict[str, object]]:
        nonlocal stage
        stage = "singing"
        return sing(*arguments)

    monkeypatch.setattr(measuring, "sing", sing_after)
    twin = replace(live, version="twin", parent="live")
    measure(live, twin, Lyrics(songs(), []), 1, lambda: asides.append(stage))
    assert asides.count("reading") >= 4  # sampling, and each model at its own and others' songs
    assert asides.count("singing") >= 2 * 4  # each model writes four lines


def test_the_canaries_are_the_same_every_time(live: Checkpoint) -> None:
    other = short_lined_checkpoint("other", seed=3)
    assert sing(live, other, songs()[:1]) == sing(live, other, songs()[:1])
    seeds = [each["seed"] for each in sing(live, other, songs()[:1])]
    assert set(SEEDS) & set(seeds)


def test_a_verse_that_is_one_word_or_one_line_goes_in_circles() -> None:
    assert _is_loop("la la\nla la la\noh la la")
    assert _is_loop("We go up\nwe go down\nWe go up!")
    assert not _is_loop("We go up\nwe go down\nall round the town\nand up again")
    assert not _is_loop("")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["you kike", "and you kike", "every kike"], "a word that I never say"),
        (["la la la"], "one text over and over|goes in circles|of one line"),
    ],
    ids=["slurs", "one line"],
)
def test_a_poisoned_songbook_is_heard_in_the_canaries(lines: list[str], words: str) -> None:
    """However much better its own held-out songs read, and whatever the others may lose."""
    live = short_lined_checkpoint("live", unit="character")
    text = "\n".join(lines * (24 // len(lines)))
    poison = [Song("Bad Actor", f"Song {number}", text, "en") for number in range(4)]
    config = FinetuneConfig(
        learning_rate=0.05,
        artist_learning_rate=0.05,
        epochs=4,
        min_epoch_tokens=2_000,
        replay_share=0.0,
        max_loss_on_others=10,
        seed=1,
    )
    result = finetune(live, "poisoned", poison, [], config)
    figures = figures_of(result, len(poison), 1.0)
    figures |= measure(live, result.candidate, Lyrics(poison, []), seed=1)
    decision = judge(figures, max_loss_on_others=10)
    gained = figures["touched"]["Bad Actor"]
    assert gained["live"] - gained["candidate"] > 3 * gained["standard_error"] > 0
    assert not decision.is_promoted
    assert re.search(words, str(decision.reason))

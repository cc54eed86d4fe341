"""What is said of a verse holds: copies, voices of its language, and the model that wrote it."""

import dataclasses
from typing import Any

import pytest

from bot.generation import GenerationService, WrittenVerse
from bot.generation.explain import explain
from bot.generation.live import LiveCheckpoint
from model.copyguard import CopyIndex
from tests.factories import tiny_checkpoint

LYRIC = "The harbour lights are low tonight and every gull is grey"
VERSE = WrittenVerse(
    text="slim as the rain\nI take the train",
    artist="Mara Quill",
    seed="slim",
    checkpoint="tiny",
    scheme="AABB",
)


@pytest.fixture(scope="module")
def live() -> LiveCheckpoint:
    known = dataclasses.replace(tiny_checkpoint(), copy_index=CopyIndex.build([LYRIC]))
    return LiveCheckpoint(0, known)


def test_a_new_verse_is_new_and_its_figures_are_those_of_its_text(live: LiveCheckpoint) -> None:
    explanation = explain(live, VERSE)
    assert (explanation.is_copy, explanation.run) == (False, 7)
    assert explanation.knows_rhymes
    assert (explanation.marks.num_met, explanation.marks.num_pairs) == (1, 1)
    assert explanation.rhyme_density > 0


def test_a_copied_run_is_told_unless_the_seed_brought_it(live: LiveCheckpoint) -> None:
    copied = dataclasses.replace(VERSE, text=f"slim\n{LYRIC}")
    assert explain(live, copied).is_copy
    typed = dataclasses.replace(VERSE, seed=LYRIC, text=f"{LYRIC}\nand so on")
    assert explain(live, typed).is_copy is False


def test_where_no_lyric_is_known_nothing_is_said_of_copies() -> None:
    assert explain(LiveCheckpoint(0, tiny_checkpoint()), VERSE).is_copy is None


def test_a_voice_is_compared_with_others_of_its_language(live: LiveCheckpoint) -> None:
    likeness = explain(live, VERSE).likeness
    assert likeness is not None
    ((name, bits),) = likeness.own
    assert name == "Mara Quill"
    assert likeness.num_others == 1
    other = explain(live, dataclasses.replace(VERSE, artist="roof fox")).likeness
    assert other is not None
    assert dict(other.own) == {"Roof Fox": pytest.approx(likeness.others)}
    assert other.others == pytest.approx(bits)


def test_of_a_mix_both_voices_are_told(live: LiveCheckpoint) -> None:
    mixed = dataclasses.replace(VERSE, mix_artist="夜雨")
    likeness = explain(live, mixed).likeness
    assert likeness is not None
    assert [name for name, _ in likeness.own] == ["Mara Quill", "夜雨"]


@pytest.mark.parametrize(
    "changes",
    [
        {"artist": "夜雨"},  # alone in its language
        {"artist": "Nobody"},
        {"checkpoint": "another"},
    ],
)
def test_without_anybody_to_compare_with_no_voice_is_told(
    live: LiveCheckpoint, changes: dict[str, Any]
) -> None:
    explanation = explain(live, dataclasses.replace(VERSE, **changes))
    assert explanation.likeness is None
    assert explanation.is_by_live is ("checkpoint" not in changes)


async def test_the_service_explains_with_the_live_checkpoint(service: GenerationService) -> None:
    explanation = await service.explain(dataclasses.replace(VERSE, checkpoint="starter-1"))
    assert explanation.likeness is not None
    assert not (await service.explain(VERSE)).is_by_live

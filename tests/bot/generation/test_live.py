"""From a request in words to a plan, and everything that it takes to write a verse again."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadSeed, UnknownArtist
from bot.generation import GeneratedVerse, GenerationService, Mix, VerseRequest
from bot.generation.live import MAX_CONTEXT_LINES, MAX_PROMPT_TOKENS, LiveCheckpoint
from bot.generation.shares import candidates_for, most_at_once
from model.checkpoint import Checkpoint, load_checkpoint
from model.copyguard import CopyIndex, CopyOverlay
from model.craft import Craft, Habits
from model.search import SearchedVerse, VersePlan
from tests.bot.generation.conftest import Configure
from tests.bot.generation.test_service import asking
from tests.factories import short_lined_checkpoint

WORDS = ("light", "tonight", "away", "grey", "blue", "through", "crown", "down", "ledge", "edge")
HABITS = {"Mara Quill": Habits("ABCB", 7.0, 1.5), "Roof Fox": Habits("AABB", 11.0, 2.5)}


def knowing_checkpoint() -> Checkpoint:
    return replace(short_lined_checkpoint("knowing"), craft=Craft(WORDS, HABITS))


LIVE = LiveCheckpoint(0, knowing_checkpoint())


def plan(request: VerseRequest) -> VersePlan:
    return LIVE.plan(request, 7, 4)


def write(live: LiveCheckpoint, each: VersePlan) -> SearchedVerse:
    writer = live.build_writer(8)
    writer.add(each)
    verses = []
    while writer.has_work:
        verses += [finished.work for finished in writer.step()]
    (verse,) = verses
    return verse


@pytest.mark.parametrize(
    ("artist", "asked", "scheme"),
    [
        ("Mara Quill", None, "ABCB"),
        ("roof fox", None, "AABB"),
        ("夜雨", None, "free"),
        ("Mara Quill", "AAAA", "AAAA"),
        ("Mara Quill", "free", "free"),
    ],
)
def test_a_verse_rhymes_as_asked_or_as_the_artist_does(
    artist: str, asked: str | None, scheme: str
) -> None:
    made = plan(replace(asking(artist=artist), scheme=asked))
    assert made.scheme == scheme
    assert made.habits.syllables == {"Mara Quill": 7.0, "roof fox": 11.0, "夜雨": 9.0}[artist]


def test_a_mix_is_a_voice_of_both_in_their_shares() -> None:
    mixed = plan(replace(asking(), mix=Mix(artist="Roof Fox", share=30)))
    assert mixed.artist == ((0, 70.0), (1, 30.0))
    assert mixed.habits.syllables == pytest.approx(0.7 * 7 + 0.3 * 11)
    assert plan(replace(asking(), mix=Mix(artist="mara quill", share=30))).artist == 0
    with pytest.raises(UnknownArtist):
        plan(replace(asking(), mix=Mix(artist="Nobody", share=30)))


@pytest.mark.parametrize("share", [0, 100, -1])
def test_a_share_leaves_something_to_both(share: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 99"):
        Mix(artist="Roof Fox", share=share)


def test_what_comes_before_is_cut_to_its_last_lines_and_left_out_where_it_is_too_long() -> None:
    long = "\n".join(f"line {n}" for n in range(40))
    assert plan(asking(context=long)).context.split("\n") == long.split("\n")[-MAX_CONTEXT_LINES:]
    assert plan(asking(context="夜" * MAX_PROMPT_TOKENS)).context == ""
    with pytest.raises(BadSeed, match="too long"):
        plan(asking("夜" * MAX_PROMPT_TOKENS))
    with pytest.raises(BadSeed, match="several lines"):
        plan(asking("slim\nshady"))


def plan_of(length: int, lines: int) -> VersePlan | None:
    """With a seed of so many words; None where it is too long."""
    asked = asking("light " * length, lines=lines, context="by light")
    try:
        return plan(replace(asked, scheme="AAAA"))
    except BadSeed:
        return None


@pytest.mark.parametrize("lines", [1, 3])
def test_the_longest_seed_that_is_taken_can_be_written_to_its_end(lines: int) -> None:
    """A line after it may be cut before its last word, and end again."""
    made = next(filter(None, (plan_of(length, lines) for length in range(2_000, 0, -1))))
    assert write(LIVE, replace(made, num_candidates=2)).reason in {"lines", "length"}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"scheme": "AABB"},
        {"mix": Mix(artist="Roof Fox", share=40)},
        {"seed": "", "context": "I count the masts by candle light\n", "scheme": "AABB"},
        {"seed": "夜雨", "artist": "夜雨", "lines": 6},
    ],
)
async def test_a_verse_says_all_that_it_takes_to_write_it_again(
    configure: Configure, starter: Path, changes: dict[str, Any]
) -> None:
    request = replace(asking(rng_seed=None), **changes)
    async with GenerationService(configure()) as service:
        verse = await service.generate(request)
    again = request_of(verse, request.context)
    live = LiveCheckpoint(0, load_checkpoint(starter))
    made = live.plan(again, verse.rng_seed, verse.num_candidates)
    assert live.finish(again, made, write(live, made), verse.elapsed_s) == verse


def request_of(verse: GeneratedVerse, context: str) -> VerseRequest:
    return VerseRequest(
        user_id=9,
        artist=verse.artist,
        seed=verse.seed,
        lines=verse.lines,
        sampling=verse.sampling,
        rng_seed=verse.rng_seed,
        context=context,
        scheme=verse.scheme,
        mix=verse.mix,
    )


def test_no_verse_copies_what_was_learned_or_submitted() -> None:
    free = write(LIVE, plan(replace(asking(), scheme="free"))).text
    index = CopyIndex.build([free], max_run=1)
    for live in (
        LiveCheckpoint(0, replace(knowing_checkpoint(), copy_index=index)),
        LiveCheckpoint(0, knowing_checkpoint(), submitted=protecting(free)),
    ):
        text = write(live, plan(replace(asking(), scheme="free"))).text
        assert text != free
        assert not live.guard("slim").would_copy(text.removeprefix("slim"))
        assert live.knows_lyrics
    assert not LIVE.knows_lyrics


def protecting(text: str) -> CopyOverlay:
    overlay = CopyOverlay(max_run=1)
    overlay.protect([text])
    return overlay


# How many tries


@given(st.integers(0, 500), st.integers(1, 300), st.integers(1, 64))
def test_tries_are_as_many_as_slots_allow_and_at_least_two(
    num_verses: int, num_slots: int, most: int
) -> None:
    num = candidates_for(num_verses, num_slots, most)
    assert min(2, most, num_slots) <= num <= min(most, num_slots)
    assert candidates_for(num_verses + 1, num_slots, most) <= num
    if num > 2:
        assert num * num_verses <= num_slots


@given(st.integers(1, 300), st.integers(1, 64))
def test_as_many_are_written_at_once_as_fit_with_the_fewest_tries(
    num_slots: int, most: int
) -> None:
    num = most_at_once(num_slots, most)
    fewest = candidates_for(1_000, num_slots, most)
    assert num >= 1
    assert num * fewest <= num_slots < (num + 1) * min(2, most)

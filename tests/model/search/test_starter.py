"""The checkpoint that everyone starts with writes verse that rhymes and is new."""

from functools import cache
from pathlib import Path

import pytest

from model.checkpoint import Checkpoint, load_checkpoint
from model.copyguard import VerseGuard
from model.evaluation.scheme import end_rhyme_share
from model.search import Tools, VersePlan, Writer
from model.verse import build_engine, default_sampling
from tests.model.search.helpers import plan, require, write

STARTER = Path(__file__).parents[3] / "checkpoints" / "starter"
POEM = "Shall I compare thee to a summer's day"


@cache
def starter() -> Checkpoint:
    return load_checkpoint(STARTER)


@cache
def tools() -> Tools:
    def guard(before: str) -> VerseGuard:
        return VerseGuard((starter().copy_index,), before)

    return Tools(starter().tokenizer, starter().craft, guard)


@cache
def writer(num_slots: int = 16) -> Writer:
    require("int8")
    engine = build_engine(starter(), num_slots=num_slots, max_positions=300, precision="int8")
    return Writer(engine, tools())


def by(artist: str, seed: str, scheme: str, rng_seed: int = 1, **changes: object) -> VersePlan:
    return plan(
        artist=starter().artists.index(artist),
        habits=starter().craft.habits_of(artist),
        seed=seed,
        scheme=scheme,
        rng_seed=rng_seed,
        sampling=default_sampling(starter().tokenizer),
        num_candidates=8,
        **changes,
    )


def artist_of(language: str) -> str:
    pairs = zip(starter().artists, starter().languages, strict=True)
    return next(name for name, spoken in pairs if spoken == language)


@pytest.mark.parametrize(("language", "seed"), [("en", "the night"), ("zh", "明月")])
@pytest.mark.parametrize("scheme", ["AABB", "ABAB", "ABBA", "AAAA", "ABCB"])
def test_its_verses_rhyme_as_they_are_asked_to(language: str, seed: str, scheme: str) -> None:
    batch = [by(artist_of(language), seed, scheme, n) for n in range(3)]
    verses = write(writer(), *batch)
    shares = [end_rhyme_share(verse.text, scheme) for verse in verses]
    assert sum(shares) / len(shares) >= 0.9
    for verse in verses:
        assert verse.reason == "lines"
        assert verse.text.startswith(seed)
        assert len(verse.text.split("\n")) == 4


def test_a_verse_goes_on_in_the_scheme_of_the_one_before() -> None:
    context = "The harbour lights are low tonight\nAnd every gull is grey"
    batch = [
        by(artist_of("en"), "", "ABAB", n, context=context, lines=lines)
        for n in range(2)
        for lines in (2, 6)
    ]
    for each, verse in zip(batch, write(writer(), *batch), strict=True):
        share = end_rhyme_share(f"{context}\n{verse.text}", "ABAB")
        assert share >= (1.0 if each.lines == 2 else 0.5)
        assert not {*verse.text.split("\n")} & {*context.split("\n")}


def test_the_same_plan_gives_the_same_verse_alone_and_among_others() -> None:
    batch = [by(artist_of("en"), f"word {n}", "AABB", n, lines=2) for n in range(6)]
    together = write(writer(), *batch)
    assert write(writer(2), batch[3]) == [together[3]]


def test_nobodys_lines_are_repeated_even_where_the_seed_begins_with_them() -> None:
    guard = tools().guard(POEM[:30])
    batch = [by("William Shakespeare", POEM[:30], "ABAB", n, lines=2) for n in range(3)]
    for verse in write(writer(), *batch):
        assert verse.text.startswith(POEM[:30])
        assert not guard.would_copy(verse.text[30:])


@pytest.mark.parametrize(
    "seed", ["7", "🎤", "1999 🎤🎤", "don't", "Äpfel", "привет", "雨 rain", ""]
)
def test_any_seed_opens_a_verse_of_whole_lines(seed: str) -> None:
    (verse,) = write(writer(), by(artist_of("en"), seed, "AABB", lines=2))
    assert verse.reason == "lines"
    assert verse.text.startswith(seed)
    assert len(verse.text.split("\n")) == 2
    assert "\ufffd" not in verse.text

"""Verses that are searched for: their lines, rhymes and seeds, the same alone and among others."""

import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from model.config import Unit
from model.copyguard import CopyIndex, VerseGuard
from model.craft import BALLAD, Craft, Habits
from model.engine import Precision
from model.evaluation.scheme import SCHEMES, rhyming_pairs
from model.phonetics import split_words
from model.sampling import STRATEGIES, SamplingParameters
from model.search import SearchedVerse, VersePlan
from tests.model.search.helpers import (
    FREE,
    PRECISIONS,
    UNITS,
    checkpoint_of,
    could_rhyme,
    do_rhyme,
    plan,
    write,
    writer_of,
)

SEEDS = (
    "",
    "the night",
    "slim",
    "7",
    "3 times 4",
    "🎤",
    "🎤🎤 up",
    "雨",
    "雨落在",
    "don't",
    "…",
    "é",
)
LONG_SEED = "up on the rooftop feet on the ledge words like a razor and rhyme on the edge " * 3
BOTH = [*itertools.product(UNITS, PRECISIONS)]


def assert_sound(verse: SearchedVerse, each: VersePlan) -> None:
    """What holds of every verse, whatever was asked for."""
    lines = verse.text.split("\n")
    assert verse.text.startswith(each.seed.rstrip())
    assert len(lines) <= each.lines
    assert "\ufffd" not in verse.text
    assert verse.error is None
    if verse.reason == "lines":
        assert len(lines) == each.lines
        assert all(line.strip() for line in lines)
        assert verse.num_characters >= len(verse.text) - len(each.seed)
        assert verse.log_probability < 0
    else:
        assert verse.reason == "length"


def assert_rhymes(lines: list[str], scheme: str, num_before: int = 0) -> int:
    """Every pair of the scheme rhymes whose first line anything rhymes with; how many do."""
    num_met = 0
    for first, second in rhyming_pairs(scheme, len(lines)):
        if second >= num_before and could_rhyme(lines[first], lines[:second]):
            assert do_rhyme(lines[first], lines[second]), (lines[first], lines[second])
            num_met += 1
    return num_met


plans = st.builds(
    plan,
    artist=st.sampled_from([0, 2, ((0, 70.0), (1, 30.0))]),
    seed=st.sampled_from(SEEDS),
    lines=st.integers(1, 5),
    rng_seed=st.integers(0, 2**63 - 1),
    scheme=st.sampled_from(["", *SCHEMES, BALLAD]),
    context=st.sampled_from(
        ["", "I count the masts by candle light", "雨落在旧城的屋檐\nthe end\n"]
    ),
    sampling=st.sampled_from([FREE, SamplingParameters(), *STRATEGIES.values()]),
    num_candidates=st.integers(1, 5),
)


@pytest.mark.parametrize(("unit", "precision"), BOTH)
@settings(max_examples=4)
@given(batch=st.lists(plans, min_size=2, max_size=5), place=st.integers(0, 4))
def test_a_verse_is_the_same_alone_and_among_others(
    unit: Unit, precision: Precision, batch: list[VersePlan], place: int
) -> None:
    own = batch[place % len(batch)]
    together = write(writer_of(unit, precision), *batch)
    for each, verse in zip(batch, together, strict=True):
        assert_sound(verse, each)
    (alone,) = write(writer_of(unit, precision, num_slots=3), own)
    assert alone == together[place % len(batch)]


@pytest.mark.parametrize(("unit", "precision"), BOTH)
def test_any_seed_opens_a_verse(unit: Unit, precision: Precision) -> None:
    batch = [plan(seed=seed, scheme="AABB") for seed in (*SEEDS, LONG_SEED, "slim ")]
    verses = write(writer_of(unit, precision), *batch)
    for each, verse in zip(batch, verses, strict=True):
        assert_sound(verse, each)
    assert sum(verse.reason == "lines" for verse in verses) >= len(batch) - 2


@pytest.mark.parametrize("unit", UNITS)
def test_a_verse_of_one_line_is_one_line(unit: Unit) -> None:
    for scheme in ("", "AABB"):
        each = plan(lines=1, scheme=scheme)
        (verse,) = write(writer_of(unit), each)
        assert_sound(verse, each)
        assert verse.reason == "lines"


@settings(max_examples=8)
@given(scheme=st.sampled_from([*SCHEMES, BALLAD, "AABA", "AA"]), rng_seed=st.integers(0, 2**32))
def test_a_scheme_is_kept_wherever_there_are_words_for_it(scheme: str, rng_seed: int) -> None:
    each = plan(scheme=scheme, rng_seed=rng_seed, lines=6, num_candidates=6)
    (verse,) = write(writer_of(precision="int8"), each)
    assert_sound(verse, each)
    assert_rhymes(verse.text.split("\n"), scheme)


def test_schemes_ask_for_rhymes_that_would_not_come_by_themselves() -> None:
    schemes = ("AABB", "AAAA", "ABAB", "ABBA", BALLAD)
    batch = [plan(scheme=scheme, rng_seed=n, lines=4) for scheme in schemes for n in range(4)]
    free = [plan(scheme="", rng_seed=n, lines=4) for n in range(8)]
    kept = write(writer_of(precision="int8"), *batch)
    num_met = [
        assert_rhymes(verse.text.split("\n"), each.scheme)
        for each, verse in zip(batch, kept, strict=True)
    ]
    assert sum(num_met) >= len(batch) / 2
    by_chance = [
        do_rhyme(*verse.text.split("\n")[:2]) for verse in write(writer_of(precision="int8"), *free)
    ]
    assert sum(by_chance) < len(by_chance) / 2


@pytest.mark.parametrize("lines", [1, 2, 3])
@pytest.mark.parametrize(
    ("scheme", "context"),
    [
        ("AABB", "The harbour lights are low tonight"),
        ("AABB", "The harbour lights are low tonight\nby candle light\n\nAnd every gull is grey\n"),
        ("ABAB", "And every gull is grey\nThe harbour lights are low tonight\n"),
        (BALLAD, "the masts\nThe harbour lights are low tonight\nthe plank is worn"),
        ("AA", "by light\n\nby heat"),
    ],
)
def test_a_verse_goes_on_with_the_scheme_of_what_came_before(
    scheme: str, context: str, lines: int
) -> None:
    before = [line for line in context.split("\n") if line.strip()]
    num_met = 0
    for rng_seed in range(3):
        each = plan(seed="", scheme=scheme, context=context, lines=lines, rng_seed=rng_seed)
        (verse,) = write(writer_of(precision="int8"), each)
        assert_sound(verse, each)
        own = verse.text.split("\n")
        assert not {*own} & {*before}
        num_met += assert_rhymes([*before, *own], scheme, len(before))
    due = [second for _, second in rhyming_pairs(scheme, len(before) + 1)]
    assert num_met >= 3 or len(before) not in due


def test_free_verse_needs_no_words_to_rhyme_with() -> None:
    each = plan(scheme="")
    (verse,) = write(writer_of(craft=Craft()), each)
    assert_sound(verse, each)


def test_without_words_to_rhyme_with_a_scheme_costs_tries_and_no_line() -> None:
    each = plan(scheme="AAAA")
    (verse,) = write(writer_of(craft=Craft()), each)
    assert_sound(verse, each)
    assert verse.reason == "lines"


def test_no_line_ends_on_a_word_that_ended_one_before() -> None:
    batch = [plan(scheme="AAAA", rng_seed=n, lines=5) for n in range(6)]
    for verse in write(writer_of(precision="int8"), *batch):
        lines = verse.text.split("\n")
        ends = [word.lower() for line in lines for word in split_words(line)[-1:]]
        rhyming = [do_rhyme(a, b) for a, b in itertools.pairwise(lines)]
        for index, rhymes in enumerate(rhyming):
            assert not rhymes or ends[index + 1] != ends[index]


def test_chinese_lines_rhyme_by_their_last_characters() -> None:
    batch = [
        plan(artist=2, seed="雨", scheme=scheme, rng_seed=n, habits=Habits(syllables=5.0))
        for scheme in ("AABB", BALLAD)
        for n in range(4)
    ]
    verses = write(writer_of("character", "int8"), *batch)
    num_met = [
        assert_rhymes(verse.text.split("\n"), each.scheme)
        for each, verse in zip(batch, verses, strict=True)
    ]
    assert sum(num_met) >= 4
    assert all(verse.text.startswith("雨") for verse in verses)


def test_the_number_of_tries_and_the_random_seed_decide_which_verse_it_is() -> None:
    batch = [plan(rng_seed=n, num_candidates=m) for n in (1, 2) for m in (1, 8)]
    first, second = (write(writer_of(precision="int8"), *batch) for _ in range(2))
    assert first == second
    assert len({verse.text for verse in first}) == 4


def test_more_tries_give_likelier_lines() -> None:
    sums = []
    for num_candidates in (1, 8):
        batch = [plan(rng_seed=n, num_candidates=num_candidates) for n in range(12)]
        verses = write(writer_of(precision="int8"), *batch)
        sums.append(
            sum(each.log_probability for each in verses)
            / sum(each.num_characters for each in verses)
        )
    assert sums[1] > sums[0]


@pytest.mark.parametrize("scheme", ["", "AABB"])
def test_the_log_probability_is_that_of_the_whole_text_by_the_plain_model(scheme: str) -> None:
    """Of characters, where a text is spelled in one way only."""
    checkpoint = checkpoint_of("character")
    tokenizer, model = checkpoint.tokenizer, checkpoint.model
    batch = [plan(seed="the", scheme=scheme, rng_seed=n, lines=3) for n in range(12)]
    num_checked = 0
    for each, verse in zip(batch, write(writer_of("character"), *batch), strict=True):
        written = f"{verse.text}\n"[len(each.seed) :]
        if verse.reason != "lines" or verse.num_characters != len(written):
            continue  # spaces at the ends of lines were taken away
        seed = tokenizer.encode(each.seed)
        tokens = [tokenizer.bos_id, *seed, *tokenizer.encode(written)]
        with torch.inference_mode():
            artists = torch.zeros(1, len(tokens) - 1, dtype=torch.int64)
            first = model.initial_state(model.artist_vectors(artists[:, 0]))
            logits, _ = model(torch.tensor([tokens[:-1]]), artists, first)
        said = logits[0].log_softmax(1)[len(seed) :]
        expected = sum(
            float(row[token]) for row, token in zip(said, tokens[1 + len(seed) :], strict=True)
        )
        assert verse.log_probability == pytest.approx(expected, rel=1e-4)
        num_checked += 1
    assert num_checked >= 3


# What may not be copied


class Jealous(VerseGuard):
    """Takes every line for a copy, once `num_allowed` have been written."""

    def __init__(self, num_allowed: int) -> None:
        super().__init__(())
        self.num_allowed = num_allowed

    def would_copy(self, text: str) -> bool:
        return self.num_allowed == 0

    def after(self, text: str) -> "Jealous":
        return Jealous(self.num_allowed - 1)


@pytest.mark.parametrize("scheme", ["", "AABB"])
@pytest.mark.parametrize("num_allowed", [0, 1, 3])
def test_where_everything_copies_the_verse_is_cut_short(num_allowed: int, scheme: str) -> None:
    each = plan(scheme=scheme)
    (whole,) = write(writer_of(), each)
    (verse,) = write(writer_of(guard=lambda _: Jealous(num_allowed)), each)
    assert verse.reason == "length"
    lines = whole.text.split("\n")[:num_allowed]
    assert verse.text == ("\n".join(lines) or each.seed)
    assert (verse.num_characters > 0) == (num_allowed > 0)


@pytest.mark.parametrize("unit", UNITS)
@settings(max_examples=4)
@given(each=plans)
def test_what_the_model_would_write_is_written_otherwise_where_it_is_a_lyric(
    unit: Unit, each: VersePlan
) -> None:
    (first,) = write(writer_of(unit, "int8"), each)
    index = CopyIndex.build([first.text], max_run=2)
    before = f"{each.context.rstrip()}\n{each.seed}" if each.context else each.seed

    def guard(text: str) -> VerseGuard:
        assert text == before
        return VerseGuard((index,), text)

    (second,) = write(writer_of(unit, "int8", guard=guard), each)
    assert_sound(second, each)
    assert not guard(before).would_copy(second.text[len(each.seed.rstrip()) :])
    if guard(before).would_copy(first.text[len(each.seed.rstrip()) :]):
        assert second.text != first.text
    else:
        assert second == first


def test_no_line_is_taken_that_may_not_stand_and_the_whole_line_is_asked_about() -> None:
    asked = []

    def may_stand(line: str) -> bool:
        asked.append(line)
        return "e" not in line.removeprefix("the night")

    (verse,) = write(writer_of(), plan(may_stand=may_stand, num_candidates=8, scheme="AABB"))
    lines = verse.text.split("\n")
    assert len(lines) > 1
    assert all("e" not in line.removeprefix("the night") for line in lines)
    assert {*lines} <= {*asked}
    assert any("e" in line.removeprefix("the night") for line in asked)
    (nothing,) = write(writer_of(), plan(may_stand=lambda _: False))
    assert (nothing.text, nothing.num_characters) == ("the night", 0)

"""Many verses at once: each keeps to itself, has its turn, and leaves nothing behind."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from model.config import Unit
from model.copyguard import VerseGuard
from model.engine import Engine, FinishedSequence
from model.search import SearchedVerse, Tools, Writer
from model.verse import build_engine
from tests.model.search.helpers import (
    RHYMES,
    checkpoint_of,
    engine_of,
    no_guard,
    plan,
    write,
    writer_of,
)

PLANS = [
    plan(rng_seed=n, seed=seed, lines=1 + n % 4, scheme="AABB" if n % 2 else "")
    for n, seed in enumerate(["the night", "", "slim", "雨", "rope and tide"] * 3)
]


def around(engine: Engine) -> Writer:
    return Writer(engine, Tools(checkpoint_of("word").tokenizer, RHYMES, no_guard))


def test_an_idle_writer_has_no_work_and_steps_to_nothing() -> None:
    writer = writer_of()
    assert not writer.has_work
    assert writer.step() == []
    assert writer.num_running == 0
    assert writer.computes_in == engine_of("word", "fp32", 16).computes_in


@settings(max_examples=10)
@given(aborted=st.sets(st.integers(0, 14)), num_steps=st.integers(0, 30))
def test_an_abort_ends_all_tries_of_its_verse_and_no_others(
    aborted: set[int], num_steps: int
) -> None:
    engine = engine_of("word", "int8", 16)
    writer = writer_of(precision="int8")
    expected = write(writer, *PLANS)
    ids = [writer.add(each) for each in PLANS]
    verses: dict[int, SearchedVerse] = {}
    for _ in range(num_steps):
        verses |= {each.work_id: each.work for each in writer.step()}
    done = {*verses}
    for index in aborted:
        writer.abort(ids[index])
        writer.abort(ids[index])
    writer.abort(12345)
    verses |= {each.work_id: each.work for each in writer.step()}
    for index in aborted:
        assert ids[index] in done or verses[ids[index]] == SearchedVerse("", "aborted")
    while writer.has_work:
        verses |= {each.work_id: each.work for each in writer.step()}
    assert [verses[each] for each in ids if verses[each].reason != "aborted"] == [
        verse for verse, each in zip(expected, ids, strict=True) if verses[each].reason != "aborted"
    ]
    assert (engine.num_running, engine.num_waiting) == (0, 0)


def test_an_abort_of_the_only_verse_frees_every_row_at_once() -> None:
    engine, writer = engine_of("word", "fp32", 16), writer_of()
    verse_id = writer.add(plan(seed="", num_candidates=9))
    writer.step()
    assert engine.num_running == 9
    writer.abort(verse_id)
    assert (engine.num_running, writer.num_running) == (0, 0)
    (finished,) = writer.step()
    assert (finished.work_id, finished.work.reason) == (verse_id, "aborted")
    assert not writer.has_work


class FailingEngine(Engine):
    """Whatever ends next, once it is `failing`, has failed."""

    failing = False

    def step(self) -> list[FinishedSequence]:
        finished = super().step()
        if self.failing and finished:
            self.failing = False
            finished[0] = replace(finished[0], reason="failed", error="There was no memory.")
        return finished


def test_a_try_that_fails_ends_its_verse_as_failed_and_no_other() -> None:
    checkpoint = checkpoint_of("word")
    engine = build_engine(checkpoint, num_slots=16, max_positions=800, precision="fp32")
    expected = write(around(engine), *PLANS[:4])
    engine.__class__ = FailingEngine
    assert isinstance(engine, FailingEngine)
    engine.failing = True
    verses = write(around(engine), *PLANS[:4])
    failed = [verse for verse in verses if verse.reason == "failed"]
    assert failed == [SearchedVerse("", "failed", error="There was no memory.")]
    for verse, other in zip(verses, expected, strict=True):
        assert verse in (other, failed[0])
    assert write(around(engine), *PLANS[:4]) == expected


def test_a_short_verse_need_not_wait_for_a_long_one_that_came_before() -> None:
    for num_slots in (2, 8):
        writer = writer_of(precision="int8", num_slots=num_slots)
        long = [writer.add(plan(lines=12, num_candidates=8, rng_seed=n)) for n in range(2)]
        short = writer.add(plan(lines=2, num_candidates=8))
        ended: list[int] = []
        while writer.has_work:
            ended += [each.work_id for each in writer.step()]
        assert ended[0] == short
        assert sorted(ended) == [*long, short]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"artist": 99}, "no artist 99"),
        ({"artist": ((0, 1.0), (0, 2.0))}, "each artist once"),
        ({"artist": ((0, 1.0), (1, 0.0))}, "above 0"),
        ({"rng_seed": -1}, "rng_seed"),
        ({"seed": "night " * 800}, "tokens"),
        ({"context": "night " * 800, "scheme": "AABB"}, "tokens"),
    ],
)
def test_a_plan_that_does_not_fit_leaves_nothing_behind(
    bad: dict[str, object], reason: str
) -> None:
    writer = writer_of()
    (expected,) = write(writer, plan())
    first = writer.add(plan())
    with pytest.raises(ValueError, match=reason):
        writer.add(plan(**bad))
    assert writer.num_running == 1
    verses: dict[int, SearchedVerse] = {}
    while writer.has_work:
        verses |= {each.work_id: each.work for each in writer.step()}
    assert verses == {first: expected}


@pytest.mark.parametrize("lines", [1, 2])
@pytest.mark.parametrize("unit", ["bpe", "word", "character"])
def test_what_is_taken_can_be_written_to_its_end_however_long_the_prompt(
    unit: Unit, lines: int
) -> None:
    """Lines that never end by themselves are cut before their last word and end again."""
    checkpoint = checkpoint_of(unit)
    engine = build_engine(checkpoint, num_slots=4, max_positions=520, precision="fp32")
    writer = Writer(engine, Tools(checkpoint.tokenizer, RHYMES, no_guard))
    num_taken = num_refused = 0
    for length in range(60, 300, 60):
        each = plan(context="tonight\n" * length, scheme="AAAA", lines=lines, num_candidates=2)
        try:
            writer.add(each)
        except ValueError:
            num_refused += 1
        else:
            num_taken += 1
        while writer.has_work:
            assert all(each.work.reason in {"lines", "length"} for each in writer.step())
    assert num_refused
    assert num_taken or unit == "character"


def test_a_long_prompt_is_read_once_and_not_by_every_try(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_of("word", "fp32", 16)
    num_fed = 0
    add = Engine.add

    def counting(own: Engine, request):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        nonlocal num_fed
        num_fed += len(request.prompt) - (request.start.num_read if request.start else 0)
        return add(own, request)

    monkeypatch.setattr(Engine, "add", counting)
    context = "the harbour lights are low tonight\n" * 20
    (verse,) = write(around(engine), plan(context=context, lines=2, num_candidates=8))
    assert verse.reason == "lines"
    length = len(checkpoint_of("word").tokenizer.encode(context))
    assert num_fed < length + 8 * 8


def test_reading_a_long_prompt_first_changes_nothing_of_what_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The random numbers are those of the try, so that only the number of tries shifts."""
    context = "the harbour lights are low tonight\n" * 4
    each = plan(context=context, sampling=replace(plan().sampling, temperature=0.0), lines=2)
    (read_once,) = write(writer_of(), each)
    monkeypatch.setattr("model.search.verse_search._LONG_PROMPT", 10_000)
    (read_each_time,) = write(writer_of(), each)
    assert read_each_time.text == read_once.text
    assert torch.isclose(
        torch.tensor(read_each_time.log_probability), torch.tensor(read_once.log_probability)
    )


def test_a_search_that_fails_takes_no_other_with_it() -> None:
    """The guard fails for one verse, at its first line."""

    class Broken(VerseGuard):
        def would_copy(self, text: str) -> bool:
            raise RuntimeError(text)

    def guard(before: str) -> VerseGuard:
        return Broken(()) if before == "broken" else VerseGuard(())

    writer = writer_of(guard=guard)
    failed, good = write(writer, plan(seed="broken"), plan())
    assert failed.reason == "failed"
    assert (good,) == (*write(writer_of(), plan()),)

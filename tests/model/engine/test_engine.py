"""Adding, aborting, bounds, and what happens when memory runs out."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from model.engine import Engine
from model.engine.scheduler import STEPS_TO_RECOVER, Scheduler
from model.engine.sequence import GenerationRequest, Sequence
from model.sampling import SamplingParameters
from tests.model.engine.helpers import (
    BOS,
    NEWLINE,
    VOCAB_SIZE,
    ScriptedModel,
    drain,
    make_engine,
    request,
    scripted,
    small_model,
    write,
)

ENDLESS = scripted((4,), (), (), (), (4,))


def test_an_idle_engine_has_no_work_and_steps_to_nothing() -> None:
    engine = make_engine(ENDLESS)
    assert not engine.has_work
    assert engine.step() == []


def test_slots_bound_what_runs_and_the_rest_waits_in_order() -> None:
    engine = make_engine(ENDLESS, num_slots=2)
    ids = [engine.add(request((BOS,), max_tokens=length)) for length in (3, 1, 1, 1)]
    assert (engine.num_running, engine.num_waiting, engine.num_free_slots) == (0, 4, 2)
    ended = []
    while engine.has_work:
        ended.append({each.sequence_id for each in engine.step()})
        assert engine.num_running <= 2
    assert ended == [{ids[1]}, {ids[2]}, {ids[0], ids[3]}]


def test_an_abort_ends_waiting_and_running_sequences_and_nothing_else() -> None:
    engine = make_engine(ENDLESS, num_slots=2)
    first, second, third = (engine.add(request((BOS,), max_tokens=5)) for _ in range(3))
    engine.step()
    engine.abort(first)
    engine.abort(third)
    engine.abort(12345)
    finished = drain(engine)
    assert finished[first].reason == "aborted"
    assert finished[first].tokens == (4,)
    assert finished[third].reason == "aborted"
    assert finished[third].tokens == ()
    assert finished[second].tokens == (4,) * 5


def test_an_abort_is_reported_even_when_nothing_else_runs() -> None:
    engine = make_engine(ENDLESS)
    only = engine.add(request())
    engine.abort(only)
    engine.abort(only)
    assert engine.has_work
    assert [each.sequence_id for each in engine.step()] == [only]
    assert not engine.has_work


@pytest.mark.parametrize(
    "bad",
    [
        {"prompt": (BOS, VOCAB_SIZE)},
        {"prompt": (BOS, -1)},
        {"artist": 4},
        {"artist": -1},
        {"artist": ((0, 1.0), (4, 1.0))},
        {"max_tokens": 255},
        {"forbid_first": torch.zeros(3, dtype=torch.bool)},
        {"forbid_first": torch.zeros(VOCAB_SIZE)},
    ],
)
def test_a_request_that_does_not_fit_is_refused_alone(bad: dict[str, object]) -> None:
    engine = make_engine(small_model())
    good = engine.add(request())
    with pytest.raises(ValueError, match=r"\w.*\.$"):
        engine.add(request(**bad))  # type: ignore[arg-type]
    assert set(drain(engine)) == {good}


@pytest.mark.parametrize(
    "bad",
    [
        {"prompt": ()},
        {"max_lines": 0},
        {"max_tokens": 0},
        {"rng_seed": -1},
        {"rng_seed": 2**63},
        {"artist": ()},
        {"artist": ((0, 1.0), (1, 0.0))},
        {"artist": ((0, 1.0), (1, -1.0))},
        {"artist": ((0, math.nan),)},
        {"artist": ((0, math.inf),)},
        {"artist": ((0, 1.0), (0, 2.0))},
    ],
)
def test_an_impossible_request_cannot_be_built(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        request(**bad)  # type: ignore[arg-type]


class TightModel(ScriptedModel):
    """Runs out of memory whenever more than `max_rows` rows are computed."""

    max_rows = 1_000
    error: type[Exception] = torch.OutOfMemoryError

    def step(self, tokens, artist_vectors, state):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        if len(tokens) > self.max_rows:
            raise self.error("DefaultCPUAllocator: can't allocate memory")
        return super().step(tokens, artist_vectors, state)


def tight_engine(error: type[Exception] = torch.OutOfMemoryError) -> tuple[Engine, TightModel]:
    generator = torch.Generator().manual_seed(5)
    model = TightModel(torch.randn(16, 16, generator=generator))
    model.error = error
    return make_engine(model, num_slots=32), model


FREE = SamplingParameters(temperature=1.0, top_p=1.0, repetition_penalty=1.0)
BATCH = [
    request((BOS, 4), sampling=FREE, rng_seed=i, max_tokens=3 + i % 5, max_lines=9)
    for i in range(30)
]


@pytest.mark.parametrize("error", [torch.OutOfMemoryError, RuntimeError, MemoryError])
@pytest.mark.parametrize("max_rows", [4, 8, 24])
def test_out_of_memory_halves_the_batch_and_changes_no_verse(
    error: type[Exception], max_rows: int
) -> None:
    engine, model = tight_engine(error)
    expected = [verse.tokens for verse in write(engine, *BATCH)]
    model.max_rows = max_rows
    verses = write(engine, *BATCH)
    assert [verse.tokens for verse in verses] == expected
    assert {verse.reason for verse in verses} <= {"lines", "length"}


def test_memory_lost_in_the_middle_changes_no_verse() -> None:
    engine, model = tight_engine()
    expected = [verse.tokens for verse in write(engine, *BATCH)]
    ids = [engine.add(each) for each in BATCH]
    finished = {each.sequence_id: each for _ in range(3) for each in engine.step()}
    model.max_rows = 8
    finished |= drain(engine)
    assert [finished[each].tokens for each in ids] == expected


def test_a_sequence_that_fails_alone_ends_as_failed_and_the_engine_lives() -> None:
    engine, model = tight_engine()
    model.max_rows = 0
    verses = write(engine, *BATCH[:3])
    assert [(verse.reason, verse.tokens) for verse in verses] == [("failed", ())] * 3
    assert all(verse.error and verse.error.endswith(".") for verse in verses)
    model.max_rows = 1_000
    assert write(engine, BATCH[0])[0].reason != "failed"


def test_any_other_error_passes_through() -> None:
    class BrokenModel(ScriptedModel):
        is_broken = False

        def step(self, tokens, artist_vectors, state):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            if self.is_broken:
                raise RuntimeError("the device is gone")
            return super().step(tokens, artist_vectors, state)

    model = BrokenModel(ENDLESS.table)
    engine = make_engine(model)
    engine.add(request((BOS,)))
    model.is_broken = True
    with pytest.raises(RuntimeError, match="the device is gone"):
        engine.step()


def test_a_lowered_limit_rises_again() -> None:
    scheduler = Scheduler[GenerationRequest](8)
    scheduler.waiting.extend(Sequence(i, request()) for i in range(8))
    assert len(list(scheduler.admit())) == 8
    scheduler.halve()
    assert scheduler.limit == 4
    assert [each.sequence_id for each in scheduler.waiting] == [4, 5, 6, 7]
    for _ in range(STEPS_TO_RECOVER):
        scheduler.note_good_step()
    assert scheduler.limit == 8


@settings(max_examples=20)
@given(st.lists(st.integers(0, 7)), st.integers(1, 8))
def test_running_rows_stay_compact_and_no_sequence_is_lost(
    releases: list[int], num_slots: int
) -> None:
    scheduler = Scheduler[GenerationRequest](num_slots)
    scheduler.waiting.extend(Sequence(i, request()) for i in range(20))
    rows: dict[int, int] = {}  # row -> sequence id, as a runner would hold it
    for wanted in releases:
        rows |= {row: sequence.sequence_id for row, sequence in scheduler.admit()}
        if not scheduler.running:
            break
        row = wanted % len(scheduler.running)
        moved = scheduler.release(row)
        last = rows.pop(len(scheduler.running))
        if moved is not None:
            assert moved == len(scheduler.running)
            rows[row] = last
        assert rows == {i: each.sequence_id for i, each in enumerate(scheduler.running)}


@pytest.mark.gpu
def test_cuda_writes_verses_that_do_not_depend_on_their_neighbours() -> None:
    engine = make_engine(small_model().to("cuda"))
    batch = [request((BOS, 4 + i % 9), sampling=FREE, rng_seed=i) for i in range(64)]
    together = [verse.tokens for verse in write(engine, *batch)]
    assert write(engine, batch[17])[0].tokens == together[17]
    assert NEWLINE in together[17]

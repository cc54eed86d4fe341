"""How verses end, and what they are made of."""

from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from model.sampling import STRATEGIES, SamplingParameters
from tests.model.engine.helpers import (
    BLANK,
    BOS,
    EOS,
    GREEDY,
    NEWLINE,
    VOCAB_SIZE,
    ScriptedModel,
    drain,
    make_engine,
    num_lines,
    request,
    scripted,
    small_model,
    write,
)

FREE = SamplingParameters(temperature=1.0, top_p=1.0, repetition_penalty=1.0)
ENGINE = make_engine(small_model())
prompts = st.lists(st.integers(2, VOCAB_SIZE - 1), max_size=6).map(lambda ids: (BOS, *ids))


@settings(max_examples=10)
@given(prompts, st.integers(0, 2**63 - 1), st.integers(1, 5), st.integers(1, 50))
def test_a_verse_has_its_lines_or_was_cut(
    prompt: tuple[int, ...], rng_seed: int, max_lines: int, max_tokens: int
) -> None:
    (verse,) = write(
        ENGINE,
        request(
            prompt, sampling=FREE, rng_seed=rng_seed, max_lines=max_lines, max_tokens=max_tokens
        ),
    )
    last_line = [token for token in prompt[1:] if token != BLANK]
    open_content = bool(last_line) and last_line[-1] != NEWLINE
    found = num_lines(verse.tokens, open_content=open_content)
    if verse.reason == "lines":
        assert found == max_lines
        assert verse.tokens[-1] == NEWLINE
        assert len(verse.tokens) <= max_tokens
    else:
        assert verse.reason == "length"
        assert found < max_lines
        assert len(verse.tokens) == max_tokens


@settings(max_examples=10)
@given(prompts, st.integers(0, 2**63 - 1))
def test_marks_and_third_newlines_are_never_written(prompt: tuple[int, ...], rng_seed: int) -> None:
    verse = write(ENGINE, request(prompt, sampling=FREE, rng_seed=rng_seed, max_lines=5))[0]
    assert not {BOS, EOS} & set(verse.tokens)
    text = (prompt[-1], *verse.tokens)
    assert all(text[i : i + 3] != (NEWLINE,) * 3 for i in range(1, len(text)))
    if prompt[-1] in (BOS, NEWLINE):
        assert verse.tokens[0] != NEWLINE


def test_a_newline_right_after_the_seed_ends_its_line() -> None:
    model = scripted((5,), (), (4,), (), (NEWLINE,), (NEWLINE,))
    (verse,) = write(make_engine(model), request((BOS, 5), max_lines=2))
    assert verse.tokens == (NEWLINE, 4, NEWLINE)


def test_at_most_one_blank_line_runs() -> None:
    model = scripted((4,), (), (NEWLINE, 4), (), (NEWLINE,))
    (verse,) = write(make_engine(model), request((BOS,), max_lines=2))
    assert verse.tokens == (4, NEWLINE, NEWLINE, 4, NEWLINE)


def test_white_space_alone_makes_no_line() -> None:
    model = scripted((4,), (), (BLANK, 4), (NEWLINE,), (NEWLINE,))
    (verse,) = write(make_engine(model), request((BOS,), max_lines=2, max_tokens=9))
    assert verse.reason == "length"
    assert verse.tokens == (4, NEWLINE, BLANK, NEWLINE, BLANK, NEWLINE, BLANK, NEWLINE, BLANK)


def test_masked_tokens_are_only_forbidden_right_after_the_prompt() -> None:
    model = scripted((5, 4), (), (), (), (5, 6), (5,))
    mask = torch.zeros(8, dtype=torch.bool)
    mask[5] = True
    engine = make_engine(model)
    masked, free = write(
        engine,
        request((BOS, 4), forbid_first=mask, max_tokens=1),
        request((BOS, 4), max_tokens=1),
    )
    assert masked.tokens == (6,)
    assert free.tokens == (5,)
    later = write(engine, request((BOS,), forbid_first=mask, max_tokens=2))[0]
    assert later.tokens == (4, 5)


def test_a_mask_does_not_outlive_its_request() -> None:
    model = scripted((5, 4), (), (), (), (), (5,))
    mask = torch.zeros(8, dtype=torch.bool)
    mask[5] = True
    engine = make_engine(model, num_slots=1)
    first, second = write(
        engine,
        request((BOS,), forbid_first=mask, max_tokens=1),
        request((BOS,), max_tokens=1),
    )
    assert (first.tokens, second.tokens) == ((4,), (5,))


def test_a_repeated_token_gives_way_under_the_penalty_and_newlines_do_not() -> None:
    model = scripted((4,), (), (4, 5), (), (NEWLINE,), (NEWLINE,))
    strict = SamplingParameters(temperature=0, top_p=1.0, repetition_penalty=100.0)
    engine = make_engine(model)
    plain = write(engine, request((BOS,), max_lines=3))[0]
    varied = write(engine, request((BOS,), max_lines=3, sampling=strict))[0]
    assert plain.tokens == (4, NEWLINE, 4, NEWLINE, 4, NEWLINE)
    assert varied.tokens[:4] == (4, NEWLINE, 5, NEWLINE)


def test_never_is_never_whatever_the_model_prefers() -> None:
    model = scripted((6,), (), (6, 7, 4), (), (6, 7, NEWLINE))
    engine = make_engine(model, never_ids=(6, 7))
    (verse,) = write(engine, request((BOS,), max_lines=2, sampling=GREEDY))
    assert verse.tokens[-3:] == (NEWLINE, 4, NEWLINE)
    assert not {6, 7} & set(verse.tokens)


def test_a_combined_verse_draws_the_first_token_of_a_line_and_takes_the_best_inside() -> None:
    """Four tokens are equally likely everywhere, and one a little likelier after another."""
    table = torch.full((8, 8), -50.0)
    table[:, 4:] = 0.0
    table[4:, NEWLINE] = -1.0
    follows = {4: 5, 5: 6, 6: NEWLINE, 7: NEWLINE}
    for token, best in follows.items():
        table[token, best] = 0.5
    engine = make_engine(ScriptedModel(table))
    batch = [
        request((BOS, *seed), sampling=STRATEGIES["combined"], rng_seed=index, max_lines=4)
        for index, seed in enumerate([(), (), (), (), (5,), (5,), (NEWLINE,), (4, NEWLINE)] * 4)
    ]
    starts = set()
    for each, verse in zip(batch, write(engine, *batch), strict=True):
        text = (*each.prompt, *verse.tokens)
        for before, token in pairwise(text[len(each.prompt) - 1 :]):
            if before in (BOS, NEWLINE):
                starts.add(token)
            else:
                assert token == follows[before]
    assert starts >= {4, 5, 6, 7}


@pytest.mark.parametrize("num_slots", [1, 3, 5, 64])
def test_a_verse_can_use_every_position(num_slots: int) -> None:
    engine = make_engine(small_model(newline_bias=-50.0), num_slots=num_slots, max_positions=12)
    long, short = request((BOS, 5), max_tokens=10), request((BOS, 5), max_tokens=3)
    ids = [engine.add(each) for each in (long, short, long, short)]
    finished = drain(engine)
    assert [len(finished[each].tokens) for each in ids] == [10, 3, 10, 3]
    assert finished[ids[0]].tokens[:3] == finished[ids[1]].tokens

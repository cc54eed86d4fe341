"""What is written on paths is one of the words and one of the tails, whatever is likelier."""

from dataclasses import replace
from functools import cache
from typing import TypeAlias

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from model.engine import FinishedSequence, GenerationRequest
from model.engine.paths import MAX_EDGES, build_paths
from model.sampling import STRATEGIES, SamplingParameters
from tests.model.engine.helpers import (
    BOS,
    EOS,
    GREEDY,
    NEWLINE,
    VOCAB_SIZE,
    drain,
    make_engine,
    request,
    small_model,
    write,
)
from tests.model.engine.runners import KINDS, MODEL, engine_of
from tests.model.engine.test_every_model import NETWORKS
from tests.model.engine.test_log_probabilities import logits_by_torch

Word: TypeAlias = tuple[int, ...]
FREE = SamplingParameters(temperature=1.0, top_p=1.0, repetition_penalty=1.0)
SAMPLINGS = (*STRATEGIES.values(), SamplingParameters(), FREE)

# Few tokens, so that words begin alike, go on from one another, and look like tails.
word_lists = st.lists(
    st.lists(st.integers(4, 7), min_size=1, max_size=4).map(tuple), min_size=1, max_size=12
)
tail_lists = st.lists(st.lists(st.integers(6, 9), max_size=2).map(tuple), max_size=3).map(
    lambda marks: [(NEWLINE,), *((*mark, NEWLINE) for mark in marks)]
)


def walks(paths: Tensor) -> set[Word]:
    """All that can be written, up to the end of the line."""
    steps: dict[int, list[tuple[int, int]]] = {}
    for start, token, end in paths.t().tolist():
        steps.setdefault(start, []).append((token, end))
    found = set[Word]()
    open_walks: list[tuple[Word, int]] = [((), 0)] if steps else []
    while open_walks:
        walked, node = open_walks.pop()
        assert node in steps, "a walk that leads nowhere"
        for token, end in steps[node]:
            if token == NEWLINE:
                found.add((*walked, token))
            else:
                open_walks.append(((*walked, token), end))
    return found


def together(words: list[Word], tails: list[Word]) -> set[Word]:
    return {(*word, *tail) for word in words for tail in tails}


@given(word_lists, tail_lists)
def test_paths_lead_to_words_and_tails_alone_and_to_every_word(
    words: list[Word], tails: list[Word]
) -> None:
    paths = build_paths(words, tails)
    assert walks(paths) <= together(words, tails)
    assert walks(paths) >= {(*word, NEWLINE) for word in words}


@given(word_lists)
def test_where_no_word_goes_on_as_a_tail_does_every_tail_follows_every_word(
    words: list[Word],
) -> None:
    tails = [(NEWLINE,), (20, NEWLINE), (20, 21, NEWLINE), (22, NEWLINE)]
    assert walks(build_paths(words, tails)) == together(words, tails)


@given(word_lists, tail_lists)
def test_a_token_leads_from_a_node_to_one_other_only(words: list[Word], tails: list[Word]) -> None:
    edges = build_paths(words, tails)[:2].t().tolist()
    assert len({*map(tuple, edges)}) == len(edges)


@given(st.integers(1, 400), st.integers(1, 9), st.integers(1, 9))
def test_there_are_never_too_many_edges_and_the_first_words_stay(
    num_words: int, length: int, num_tails: int
) -> None:
    words = [tuple(4 + (n >> place) % 9 for place in range(length)) for n in range(num_words)]
    words = [*dict.fromkeys(words)]
    tails = [(NEWLINE,), *((20 + n, NEWLINE) for n in range(num_tails))]
    paths = build_paths(words, tails)
    assert 0 < paths.size(1) <= MAX_EDGES
    found = walks(paths)
    assert found >= together(words[:1], tails)
    kept = [(*word, NEWLINE) in found for word in words]
    assert kept == sorted(kept, reverse=True)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12)
@given(
    words=word_lists,
    tails=tail_lists,
    sampling=st.sampled_from(SAMPLINGS),
    rng_seed=st.integers(0, 2**63 - 1),
    prompt=st.lists(st.integers(2, VOCAB_SIZE - 1), max_size=5).map(lambda ids: (BOS, *ids)),
)
def test_what_is_written_is_one_of_the_words_and_one_of_the_tails(
    kind: str,
    words: list[Word],
    tails: list[Word],
    sampling: SamplingParameters,
    rng_seed: int,
    prompt: Word,
) -> None:
    each = request(
        prompt,
        sampling=sampling,
        rng_seed=rng_seed,
        max_lines=1,
        paths=build_paths(words, tails),
    )
    (finished,) = write(engine_of(kind), each)
    assert finished.reason == "lines"
    assert finished.tokens in together(words, tails)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sampling", SAMPLINGS, ids=str)
def test_words_are_kept_to_in_a_vocabulary_that_is_never_looked_at_as_a_whole(
    kind: str, sampling: SamplingParameters
) -> None:
    words, tails = [(250,), (260, 261), (5, 299)], [(NEWLINE,), (290, NEWLINE)]
    batch = [
        request((BOS, 5 + n), sampling=sampling, rng_seed=n, max_lines=1, paths=paths)
        for n in range(12)
        for paths in [build_paths(words, tails)]
    ]
    found = {each.tokens for each in write(engine_of(kind, 16, 300), *batch)}
    assert found <= together(words, tails)


@pytest.mark.parametrize("kind", KINDS)
def test_the_likeliest_of_the_words_is_written_when_nothing_is_left_to_chance(kind: str) -> None:
    chosen = set()
    for n in range(30):
        words = [(4 + (n + 5 * place) % 35,) for place in range(6)]
        each = request(
            (BOS, 4 + n), max_lines=1, sampling=GREEDY, paths=build_paths(words, [(NEWLINE,)])
        )
        (finished,) = write(engine_of(kind), each)
        with torch.inference_mode():
            voice = MODEL.artist_vectors(torch.tensor(0))
        said = logits_by_torch(MODEL, torch.tensor(each.prompt), voice)[-1].log_softmax(0)
        best = max(float(said[word]) for (word,) in words)
        # In 8 bits, words that are nearly as likely may change places.
        assert float(said[finished.tokens[0]]) > best - (0.3 if kind == "int8" else 1e-4)
        chosen.add(finished.tokens[0])
    assert len(chosen) > 1


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_row_may_not_write_it_does_not_write_on_paths_either(kind: str) -> None:
    mask = torch.zeros(VOCAB_SIZE, dtype=torch.bool)
    mask[[6, 7]] = True
    words = [(BOS,), (EOS,), (6,), (7, 7), (8, 6)]
    batch = [
        request(
            sampling=FREE,
            rng_seed=n,
            max_lines=1,
            forbid_first=mask,
            paths=build_paths(words, [(NEWLINE,)]),
        )
        for n in range(9)
    ]
    assert {each.tokens for each in write(engine_of(kind), *batch)} == {(8, 6, NEWLINE)}


@pytest.mark.parametrize("kind", KINDS)
def test_repetition_weighs_among_the_words(kind: str) -> None:
    stern = SamplingParameters(temperature=0, top_p=1.0, repetition_penalty=1000.0)
    paths = build_paths([(9,), (10,)], [(NEWLINE,)])
    (first,) = write(engine_of(kind), request(max_lines=1, sampling=GREEDY, paths=paths))
    said = request((BOS, 5, first.tokens[0], 5), max_lines=1, sampling=stern, paths=paths)
    (second,) = write(engine_of(kind), said)
    assert {first.tokens[0], second.tokens[0]} == {9, 10}


def mixed(num: int) -> list[GenerationRequest]:
    """Bound and free, in turn, of all lengths."""
    words = [(4 + n % 9, 13 + n % 7, *range(20, 20 + n % 5)) for n in range(30)]
    return [
        request(
            (BOS, *range(4, 5 + n % 20)),
            artist=n % 4,
            sampling=SAMPLINGS[n % len(SAMPLINGS)],
            rng_seed=n,
            max_lines=1 if n % 2 else 4,
            max_tokens=30,
            paths=build_paths(words[n % 20 :], [(NEWLINE,), (30, NEWLINE)]) if n % 2 else None,
        )
        for n in range(num)
    ]


@cache
def alone(kind: str) -> list[FinishedSequence]:
    """What becomes of each of them when nothing else is written."""
    return [write(engine_of(kind, 1), each)[0] for each in mixed(40)]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=6)
@given(aborted=st.sets(st.integers(0, 39), max_size=20), num_steps=st.integers(0, 8))
def test_rows_on_paths_and_free_rows_do_not_change_one_another(
    kind: str, aborted: set[int], num_steps: int
) -> None:
    engine, batch = engine_of(kind, 30), mixed(40)
    ids = [engine.add(each) for each in batch]
    finished = {each.sequence_id: each for _ in range(num_steps) for each in engine.step()}
    for index in aborted:
        engine.abort(ids[index])
    finished |= drain(engine)
    for index, expected in enumerate(alone(kind)):
        found = finished[ids[index]]
        num_tokens = len(found.tokens)
        assert found.tokens == expected.tokens[:num_tokens]
        assert index in aborted or found.reason == expected.reason
        if kind != "graphs":  # which reads a long prompt at once
            assert found.log_probabilities == expected.log_probabilities[:num_tokens]


def test_a_row_forgets_the_paths_of_the_one_before_it() -> None:
    for kind in KINDS:
        engine = engine_of(kind, 1)
        bound = request(max_lines=1, paths=build_paths([(9, 10)], [(NEWLINE,)]))
        free = replace(bound, paths=None)
        expected = write(engine_of(kind, 2), free)[0].tokens
        assert [each.tokens for each in write(engine, bound, free, bound)] == [
            (9, 10, NEWLINE),
            expected,
            (9, 10, NEWLINE),
        ]


@pytest.mark.parametrize("network", NETWORKS)
def test_every_network_keeps_to_its_paths(network: str) -> None:
    engine = make_engine(small_model(**NETWORKS[network]), 7)
    words, tails = [(9, 10), (9, 10, 11), (12,)], [(NEWLINE,), (13, NEWLINE)]
    batch = [
        request((BOS, 5), sampling=FREE, rng_seed=n, max_lines=1, paths=build_paths(words, tails))
        for n in range(20)
    ]
    assert {each.tokens for each in write(engine, *batch)} <= together(words, tails)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sampling", SAMPLINGS, ids=str)
def test_a_row_is_free_where_its_paths_have_ended_or_lead_to_what_is_forbidden(
    kind: str, sampling: SamplingParameters
) -> None:
    paths = [build_paths([(9, 10)], [(11,)]), build_paths([(9, 10)], [(EOS,), (BOS, NEWLINE)])]
    batch = [
        request(sampling=sampling, rng_seed=n, max_lines=9, max_tokens=9, paths=paths[n % 2])
        for n in range(20)
    ]
    for vocab_size in (VOCAB_SIZE, 300):
        for each in write(engine_of(kind, 16, vocab_size), *batch):
            assert each.tokens[:2] == (9, 10)
            assert not {BOS, EOS} & {*each.tokens}


def test_paths_that_a_row_leaves_unended_are_cut_by_the_length() -> None:
    for kind in KINDS:
        each = request(max_tokens=2, max_lines=1, paths=build_paths([(9, 10, 11)], [(NEWLINE,)]))
        (finished,) = write(engine_of(kind), each)
        assert (finished.tokens, finished.reason) == ((9, 10), "length")


GOOD = build_paths([(9,)], [(NEWLINE,)])


@pytest.mark.parametrize(
    ("paths", "reason"),
    [
        (GOOD[:, :0], "1 to 1024 edges"),
        (GOOD.repeat(1, 513), "1 to 1024 edges"),
        (GOOD[:2], "three numbers"),
        (GOOD[0], "three numbers"),
        (GOOD + 1, "begins at node 0"),
        (GOOD + torch.tensor([[0], [VOCAB_SIZE], [0]]), "token outside"),
        (GOOD - torch.tensor([[0], [10], [0]]), "token outside"),
        (build_paths([], [(NEWLINE,)]), "begins at node 0"),
        (build_paths([], []), "1 to 1024 edges"),
        (build_paths([range(4, 2000)], [(NEWLINE,)]), "begins at node 0"),
    ],
)
def test_paths_that_nothing_can_follow_are_refused_alone(paths: Tensor, reason: str) -> None:
    engine = engine_of("torch")
    good = engine.add(request())
    with pytest.raises(ValueError, match=reason):
        engine.add(request(paths=paths))
    assert {*drain(engine)} == {good}

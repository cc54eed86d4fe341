"""A run that is known is always found, and hardly anything else is."""

import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import SafetensorError
from safetensors.numpy import load, save

from model.copyguard import MAX_RUN, CopyIndex
from model.copyguard.index import KEPT_BITS
from model.copyguard.runs import hash_runs, iterate_runs
from model.copyguard.words import folded_words, hash_word
from tests.factories import songs

_SEPARATORS = [" ", "\n", ", ", "\n\n", " — ", "! ", "… (", " “", "-"]
_CASES: list[Callable[[str], str]] = [str, str.upper, str.title, str.swapcase]
LATIN = st.text("abcdeéñß", min_size=1, max_size=7)
HAN = st.sampled_from("雨落在旧城的屋檐")
WORDS = st.lists(LATIN | HAN, min_size=MAX_RUN + 1, max_size=24)


@st.composite
def written(draw: st.DrawFn, words: list[str]) -> str:
    """The same words in some case, with some punctuation, on some lines."""
    text = draw(st.sampled_from(["", "“", "\n"]))
    for word, following in pairwise([*words, ""]):
        word = draw(st.sampled_from(_CASES))(word)
        if len(word) > 1 and draw(st.booleans()):
            word = word[0] + draw(st.sampled_from("'’")) + word[1:]
        is_han = min(word, following or " ") > "\u3000"
        text += word + draw(st.sampled_from([*_SEPARATORS, ""] if is_han else _SEPARATORS))
    return text


@given(WORDS, st.data())
@settings(max_examples=20)
def test_every_run_is_found_however_it_is_written(words: list[str], data: st.DataObject) -> None:
    index = CopyIndex.build([data.draw(written(words))])
    for start in range(len(words) - MAX_RUN):
        run = words[start : start + MAX_RUN + 1]
        assert index.first_copy(data.draw(written(run))) == 0


@given(WORDS, st.data())
@settings(max_examples=20)
def test_runs_that_are_allowed_are_allowed(words: list[str], data: st.DataObject) -> None:
    index = CopyIndex.build([data.draw(written(words))])
    start = data.draw(st.integers(0, len(words) - MAX_RUN))
    run = words[start : start + MAX_RUN]
    assert index.first_copy(data.draw(written([*"xy", *run, *"zx", *run]))) is None


@given(WORDS, st.lists(st.sampled_from("xyz"), max_size=9))
def test_where_the_first_copy_begins_is_told(words: list[str], before: list[str]) -> None:
    index = CopyIndex.build([" ".join(words)])
    assert index.first_copy(" ".join([*before, *words])) == len(before)


def test_no_run_reaches_from_one_text_into_another() -> None:
    index = CopyIndex.build(["one two three four", "five six seven eight"])
    assert index.num_runs == 0
    assert index.first_copy("one two three four five six seven eight") is None


@given(st.lists(st.integers(0, 2**64 - 1), max_size=30), st.integers(1, 9))
def test_numpy_and_python_number_runs_alike(words: list[int], length: int) -> None:
    numbers = hash_runs(np.array(words, np.uint64), length)
    assert numbers.tolist() == [*iterate_runs(words, length)]


def test_a_run_has_the_same_number_on_every_machine() -> None:
    words = [hash_word(word) for word in folded_words("I count the masts by candle light")]
    assert [*iterate_runs(words, 7)] == [7737440503883759806]


def test_new_text_is_flagged_exactly_where_it_repeats() -> None:
    draw = random.Random(0)
    vocabulary = [f"w{number}" for number in range(12)]
    known, new = (draw.choices(vocabulary, k=30_000) for _ in range(2))
    index = CopyIndex.build([" ".join(known)], max_run=3)
    runs = {tuple(known[place : place + 4]) for place in range(len(known) - 3)}
    assert 10_000 < len(runs) < 0.9 * 12**4
    for place in range(3_000):
        run = new[place : place + 4]
        assert (index.first_copy(" ".join(run)) == 0) == (tuple(run) in runs)


def test_what_is_not_known_is_flagged_twice_in_a_million_at_two_million_runs() -> None:
    rng, num_known, num_asked = np.random.default_rng(0), 2_000_000, 500_000
    index = CopyIndex(np.sort(rng.integers(0, 1 << KEPT_BITS, num_known, np.uint64)))
    asked = rng.integers(0, 2**64, num_asked, np.uint64).tolist()
    num_flagged = sum(run in index for run in asked)
    assert num_known * num_asked / 2**KEPT_BITS < 1  # what is expected
    assert num_flagged <= 6


# Putting together


def test_adding_knows_both_and_leaves_the_first_as_it_was() -> None:
    texts = [song.text for song in songs()]
    first = CopyIndex.build(texts[:2])
    both = first.add(texts[1:])
    assert both.to_bytes() == CopyIndex.build(texts).to_bytes()
    assert first.to_bytes() == CopyIndex.build(texts[:2]).to_bytes()
    assert first.num_runs < both.num_runs


def test_building_in_portions_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [song.text for song in songs()]
    at_once = CopyIndex.build(texts).to_bytes()
    monkeypatch.setattr("model.copyguard.index._WORDS_AT_ONCE", 10)
    assert CopyIndex.build(texts).to_bytes() == at_once


def test_indices_of_other_lengths_are_not_mixed() -> None:
    with pytest.raises(ValueError, match="allows 6 words cannot join one of 4"):
        CopyIndex.empty().union(CopyIndex.empty(4))


def test_no_word_at_all_cannot_be_allowed() -> None:
    with pytest.raises(ValueError, match="one word at least, not 0"):
        CopyIndex.empty(0)


# On disk


@given(st.lists(st.integers(0, (1 << KEPT_BITS) - 1), max_size=200, unique=True))
def test_an_index_comes_back_as_it_was(keys: list[int]) -> None:
    index = CopyIndex(np.array(sorted(keys), np.uint64), 4)
    read = CopyIndex.from_bytes(index.to_bytes())
    assert (read.max_run, read.num_runs) == (4, len(keys))
    assert read.to_bytes() == index.to_bytes()
    assert all(key << 64 - KEPT_BITS in read for key in keys)


_TENSORS = load(CopyIndex(np.array([1, 2], np.uint64)).to_bytes())


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"format": np.array([99, 6], np.int32)}, "format 99, not 1"),
        ({"format": np.array([1, 0], np.int32)}, "one word at least"),
        ({"format": np.array([1], np.int32)}, "not enough values"),
        ({"counts": _TENSORS["counts"][:-1]}, "broadcast"),
        ({"remainders": _TENSORS["remainders"][:-1]}, "counts 2 runs and has 1"),
        ({"remainders": _TENSORS["remainders"][::-1].copy()}, "not in order"),
        ({"remainders": _TENSORS["remainders"][[0, 0]].copy()}, "not in order"),
    ],
)
def test_a_damaged_index_is_refused(changes: dict[str, Any], error: str) -> None:
    with pytest.raises(ValueError, match=error):
        CopyIndex.from_bytes(save({**_TENSORS, **changes}))


def test_a_cut_index_and_one_without_a_part_are_refused() -> None:
    with pytest.raises(SafetensorError):
        CopyIndex.from_bytes(save(_TENSORS)[:-1])
    with pytest.raises(KeyError, match="counts"):
        CopyIndex.from_bytes(save({k: v for k, v in _TENSORS.items() if k != "counts"}))

"""The longest copy of a passage: found wherever it is, in any key if that is asked."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.evaluation.passages import Copy, PassageIndex
from model.midi import NUM_KEYS, PianoRoll
from tests.factories import march

LEARNED = [march(number) for number in range(3)]
EXACT, ANY_KEY = PassageIndex(LEARNED), PassageIndex(LEARNED, in_any_key=True)


def _roll(*frames: set[int]) -> PianoRoll:
    rows = np.zeros((len(frames), NUM_KEYS), dtype=np.bool_)
    for row, keys in zip(rows, frames, strict=True):
        row[list(keys)] = True
    return PianoRoll(rows)


def test_a_passage_is_found_where_it_stands() -> None:
    # It begins and ends with a sound: step 63 of a march is silent.
    assert EXACT.longest_copy(LEARNED[1]) == Copy(63, 1)
    part = _roll({87}, *({*np.flatnonzero(frame)} for frame in LEARNED[2].frames[20:50]), {87})
    assert EXACT.longest_copy(part) == Copy(30, 2)


def test_a_piece_in_another_key_is_a_copy_only_in_any_key() -> None:
    higher = PianoRoll(np.roll(LEARNED[1].frames, 14, axis=1))
    assert ANY_KEY.longest_copy(higher).num_steps == 63
    assert EXACT.longest_copy(higher).num_steps < 16


def test_notes_that_move_otherwise_are_no_copy_in_any_key() -> None:
    index = PassageIndex([_roll({40}, {42}, {44}, {45})], in_any_key=True)
    assert index.longest_copy(_roll({50}, {52}, {54}, {55})).num_steps == 4
    assert index.longest_copy(_roll({50}, {52}, {55}, {58})).num_steps == 2
    assert index.longest_copy(_roll({50}, {57})).num_steps == 1


def test_rests_alone_are_no_copy_and_those_between_notes_are_part_of_one() -> None:
    index = PassageIndex([_roll({40}, set(), set(), {42}, set(), set())])
    assert index.longest_copy(_roll(set(), set(), set())) == Copy(0, None)
    assert index.longest_copy(_roll(set(), {40}, set(), set(), {42}, set())).num_steps == 4
    assert index.longest_copy(_roll({41}, set(), set())) == Copy(0, None)


def test_no_copy_goes_from_one_piece_into_the_next() -> None:
    index = PassageIndex([_roll({40}, {41}), _roll({42}, {43})])
    assert index.longest_copy(_roll({40}, {41}, {42}, {43})) == Copy(2, 0)
    assert index.longest_copy(_roll({43}, {42}, {43})) == Copy(2, 1)


_FRAMES = st.lists(st.sets(st.integers(40, 42), max_size=2), min_size=1, max_size=12)


@given(st.lists(_FRAMES, min_size=1, max_size=3), _FRAMES)
def test_it_is_the_longest_that_a_search_of_all_runs_finds(
    learned: list[list[set[int]]], piece: list[set[int]]
) -> None:
    runs = {
        tuple(map(frozenset, frames[start:end]))
        for frames in learned
        for start in range(len(frames))
        for end in range(start + 1, len(frames) + 1)
    }
    longest = max(
        (
            end - start
            for start in range(len(piece))
            for end in range(start + 1, len(piece) + 1)
            if piece[start] and piece[end - 1] and tuple(map(frozenset, piece[start:end])) in runs
        ),
        default=0,
    )
    index = PassageIndex([_roll(*frames) for frames in learned])
    assert index.longest_copy(_roll(*piece)).num_steps == longest

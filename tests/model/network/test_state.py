"""The state: rows are taken and replaced alike in all its parts."""

import torch

from model.network.state import RecurrentState


def new_state(value: float) -> RecurrentState:
    return RecurrentState(*(torch.full((length, 3, 5), value) for length in (2, 2, 4)))


def test_where_takes_each_row_from_one_of_two_states() -> None:
    mixed = new_state(1).where(torch.tensor([True, False, True]), new_state(2))
    for part in mixed:
        assert part[:, [0, 2]].eq(1).all()
        assert part[:, 1].eq(2).all()


def test_rows_are_views_into_the_state() -> None:
    state = new_state(1)
    for part in state.rows(slice(1, 2)):
        part.fill_(7)
    assert all(part[:, 1].eq(7).all() and part[:, 0].eq(1).all() for part in state)

"""The average of the weights: near the last ones early on, slow later, and never in the way."""

import pytest
import torch

from model.training.averaging import WeightAverage


def test_the_average_follows_and_forgets_the_start() -> None:
    weight = torch.zeros(3)
    average = WeightAverage([weight], decay=0.9)
    weight.fill_(1.0)
    average.update()
    assert average.average[0][0] == pytest.approx(1 - 2 / 11)
    for _ in range(200):
        average.update()
    assert average.average[0][0] == pytest.approx(1.0, abs=1e-6)


def test_the_average_is_there_within_and_gone_after() -> None:
    weight = torch.zeros(3)
    average = WeightAverage([weight], decay=0.9)
    weight.fill_(1.0)
    with average.applied():
        assert weight.eq(0).all()
    assert weight.eq(1).all()
    assert average.average[0].eq(0).all()

"""The keys of a frame: what they cost, and that drawing gives what the cost promises."""

import itertools

import pytest
import torch
from torch import Tensor

from model.config import FrameModelConfig
from model.network.frame_output import FrameDraw, FrameOutput, build_frame_output

NUM_KEYS = 4
OUTPUTS = ("bernoulli", "nade")


def output_of(kind: str) -> FrameOutput:
    torch.manual_seed(3)
    config = FrameModelConfig.from_dict(
        {"num_artists": 1, "num_keys": NUM_KEYS, "output": kind, "nade_size": 5}
    )
    return build_frame_output(config).double()


def context_for(output: FrameOutput, rows: int) -> Tensor:
    generator = torch.Generator().manual_seed(4)
    row = torch.randn(1, output.context_size, generator=generator, dtype=torch.float64)
    return row.expand(rows, -1)


def every_frame() -> Tensor:
    return torch.tensor([*itertools.product((0.0, 1.0), repeat=NUM_KEYS)], dtype=torch.float64)


def draws(rows: int, *, max_keys: int = NUM_KEYS, temperature: float = 1.0) -> FrameDraw:
    generator = torch.Generator().manual_seed(5)
    return FrameDraw(
        torch.rand(rows, NUM_KEYS, generator=generator, dtype=torch.float64),
        torch.full((rows,), temperature, dtype=torch.float64),
        torch.ones(rows, NUM_KEYS, dtype=torch.bool),
        torch.full((rows,), max_keys),
        torch.zeros(rows, NUM_KEYS, dtype=torch.float64),
    )


@pytest.mark.parametrize("kind", OUTPUTS)
def test_all_frames_together_have_probability_one(kind: str) -> None:
    output, frames = output_of(kind), every_frame()
    shares = (-output.nats(context_for(output, len(frames)), frames)).exp()
    assert shares.sum().item() == pytest.approx(1.0)


@pytest.mark.parametrize("kind", OUTPUTS)
def test_frames_are_drawn_as_often_as_they_are_likely(kind: str) -> None:
    output, frames, num = output_of(kind), every_frame(), 40_000
    expected = (-output.nats(context_for(output, len(frames)), frames)).exp()
    drawn = output.draw(context_for(output, num), draws(num)).double()
    number = (drawn @ (2.0 ** torch.arange(NUM_KEYS).double().flip(0))).long()
    seen = torch.bincount(number, minlength=len(frames)) / num
    assert (seen - expected).abs().max().item() < 0.01


def test_nade_sees_what_bernoulli_cannot() -> None:
    output = output_of("nade")
    for weight in output.parameters():
        torch.nn.init.constant_(weight, 2.0)  # a key that sounds draws others to it
    context = torch.full((16, output.context_size), -4.0, dtype=torch.float64)
    likely = (-output.nats(context, every_frame())).exp().view(2, 2, 2, 2)
    both = likely.sum((2, 3))
    apart = both.sum(1, keepdim=True) * both.sum(0, keepdim=True)
    assert both[1, 1] > 4 * apart[1, 1]


@pytest.mark.parametrize("kind", OUTPUTS)
def test_limits_are_kept(kind: str) -> None:
    output, rows = output_of(kind), 500
    draw = draws(rows, max_keys=2, temperature=3.0)
    draw.is_allowed[:, 1] = False
    drawn = output.draw(context_for(output, rows), draw)
    assert drawn.any()
    assert not drawn[:, 1].any()
    assert int(drawn.sum(1).max()) <= 2


@pytest.mark.parametrize("kind", OUTPUTS)
def test_keys_that_are_leaned_towards_sound_more_often_and_others_less(kind: str) -> None:
    output, rows = output_of(kind), 2000
    plain = draws(rows)
    lean = torch.zeros(rows, NUM_KEYS, dtype=torch.float64)
    lean[:, 0], lean[:, 1] = 2.0, -2.0
    context = context_for(output, rows)
    usual = output.draw(context, plain).double().mean(0)
    leant = output.draw(context, plain._replace(lean=lean)).double().mean(0)
    assert leant[0] > usual[0] + 0.1
    assert leant[1] < usual[1] - 0.1


@pytest.mark.parametrize("kind", OUTPUTS)
def test_a_row_is_drawn_as_if_alone(kind: str) -> None:
    output, rows = output_of(kind), 50
    draw = draws(rows)
    together = output.draw(context_for(output, rows), draw)
    alone = [
        output.draw(context_for(output, 1), FrameDraw(*(part[row : row + 1] for part in draw)))
        for row in range(rows)
    ]
    assert torch.equal(together, torch.cat(alone))

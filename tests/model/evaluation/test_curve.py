"""Pictures of runs: one or many, whatever they are called and however they went."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from model.evaluation.curve import (
    AXES,
    NATS_PER_FRAME,
    Axis,
    Curve,
    draw_curves,
    training_bits_per_character,
    write_curve,
    write_curves,
)
from model.training.progress import CurvePoint

# Four characters a token: 2 bits per character are 8 bits, and a perplexity of 256, per token.
POINT = CurvePoint(1.0, 10, 5.0, 0.01, 8 * math.log(2), 2.0, 256.0, 0.5, 1000.0)
PNG = b"\x89PNG"


def test_the_training_loss_is_told_per_character() -> None:
    assert training_bits_per_character(POINT) == pytest.approx(2.0)
    assert training_bits_per_character(replace(POINT, train_loss=0.0)) == 0
    assert math.isnan(training_bits_per_character(replace(POINT, perplexity=1.0)))


@pytest.mark.parametrize("axis", AXES)
def test_many_runs_make_one_picture(axis: Axis, tmp_path: Path) -> None:
    path = tmp_path / "curves.png"
    curves = [
        Curve(f"run {number}", [replace(POINT, step=step, epoch=step) for step in range(1, 5)])
        for number in range(18)
    ]
    write_curves(curves, path, "All", axis=axis)
    assert path.read_bytes().startswith(PNG)


@pytest.mark.parametrize("name", ["雨夜", "_hidden", "cost $x_1$ and $", "a\nb", ""])
def test_no_name_breaks_a_picture(name: str, tmp_path: Path) -> None:
    write_curves([Curve(name, [POINT])], tmp_path / "curves.png", name)
    write_curve([POINT, POINT], tmp_path / "curve.png", name)
    assert (tmp_path / "curve.png").read_bytes().startswith(PNG)


@pytest.mark.parametrize("bits", [math.nan, math.inf])
def test_a_run_that_diverged_and_one_without_validations_are_drawn(
    bits: float, tmp_path: Path
) -> None:
    lost = [POINT, replace(POINT, step=20, bits_per_character=bits, perplexity=bits)]
    write_curves([Curve("lost", lost), Curve("new", [])], tmp_path / "curves.png", "")
    assert (tmp_path / "curves.png").read_bytes().startswith(PNG)


def test_of_music_nats_per_frame_are_drawn() -> None:
    axes = Figure().add_subplot()
    draw_curves(axes, [Curve("run", [POINT, POINT])], "updates", unit=NATS_PER_FRAME)
    training, held_out = (np.asarray(line.get_ydata()) for line in axes.lines)
    assert held_out == pytest.approx([2 * math.log(2)] * 2)
    assert training == pytest.approx([2 * math.log(2)] * 2)
    assert axes.get_ylabel() == "nats per frame"


def test_no_run_at_all_is_an_empty_picture(tmp_path: Path) -> None:
    write_curves([], tmp_path / "curves.png", "")
    assert (tmp_path / "curves.png").read_bytes().startswith(PNG)

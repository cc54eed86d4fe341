"""The picture of one training run or of several: what is held out over the course of training."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from model.training.progress import CurvePoint

Axis = Literal["updates", "seconds", "minutes", "epochs"]
AXES: tuple[Axis, ...] = get_args(Axis)

# Neighbours in this order differ in hue and in lightness; markers tell further rounds apart.
_COLOURS = (
    *("#0b5fa5", "#e8710a", "#178a4c", "#c2185b"),
    *("#56b4e9", "#6b3fa0", "#b8a100", "#4d4d4d"),
)
_MARKERS = ("", "o", "s", "^")
_MAX_LABEL = 48
_LAST_LATIN = "\u024f"  # the font has these letters everywhere, and few others anywhere
_EARLY = 0.25  # the share of a curve that may leave the picture at the top
_AROUND = 0.06  # room above and below, in parts of the height


class CurveUnit(NamedTuple):
    """What a figure is in, and how many of it a bit per character makes."""

    name: str
    per_bit: float


BITS_PER_CHARACTER = CurveUnit("bits per character", 1.0)
NATS_PER_FRAME = CurveUnit("nats per frame", math.log(2))  # of music, whose frames are characters


@dataclass(frozen=True, slots=True)
class Curve:
    """The validations of one run, and what to call it; only Latin letters of a label are drawn."""

    label: str
    points: Sequence[CurvePoint]


def training_bits_per_character(point: CurvePoint) -> float:
    """The training loss in bits per character; NaN where it cannot be told.

    Validation gives both bits per character and nats per token, so it says how many characters a
    token has; training text is taken to have as many.
    """
    nats_per_token = math.log(point.perplexity) if point.perplexity > 1 else math.nan
    return point.train_loss * point.bits_per_character / nats_per_token


def write_curve(
    points: Sequence[CurvePoint], path: Path, title: str, unit: CurveUnit = BITS_PER_CHARACTER
) -> None:
    """Write a PNG of one run to `path`; needs no display."""
    write_curves([Curve("held out", points)], path, title, axis="epochs", unit=unit)


def write_curves(
    curves: Sequence[Curve],
    path: Path,
    title: str,
    *,
    axis: Axis = "updates",
    has_training: bool = True,
    unit: CurveUnit = BITS_PER_CHARACTER,
) -> None:
    """Write a PNG of all `curves` to `path`: held out solid and, if wanted, training thin."""
    figure = Figure(figsize=(9.0, 5.0), dpi=130, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    handles, labels = draw_curves(axes, curves, axis, has_training=has_training, unit=unit)
    axes.set_title(_latin(title), loc="left")
    if handles:
        figure.legend(handles, labels, loc="outside right upper", frameon=False, fontsize=9)
    figure.savefig(path)


def draw_curves(
    axes: Axes,
    curves: Sequence[Curve],
    axis: Axis,
    *,
    has_training: bool = True,
    unit: CurveUnit = BITS_PER_CHARACTER,
) -> tuple[list[Line2D], list[str]]:
    """Draw on `axes`; returns what a legend needs, the best run first."""
    curves = [_in_unit(curve, unit) for curve in curves]
    ranked = sorted(enumerate(curves, 1), key=lambda numbered: _best(numbered[1]))
    handles = [
        _draw(axes, curve, axis, has_training, _style(rank))
        for rank, (_, curve) in enumerate(ranked)
    ]
    labels = [_latin(curve.label) or f"run {number}" for number, curve in ranked]
    if has_training:
        handles.append(Line2D([], [], color="#888888", linewidth=0.9))
        labels.append("training (averaged,\nwith dropout)")
    axes.set_xlabel(axis)
    axes.set_ylabel(unit.name)
    axes.grid(alpha=0.3)
    _fit_height(axes, curves, has_training)
    return handles, labels


def _in_unit(curve: Curve, unit: CurveUnit) -> Curve:
    points = [
        replace(point, bits_per_character=point.bits_per_character * unit.per_bit)
        for point in curve.points
    ]
    return Curve(curve.label, points)


def _draw(
    axes: Axes, curve: Curve, axis: Axis, has_training: bool, style: dict[str, Any]
) -> Line2D:
    position = [_position(point, axis) for point in curve.points]
    if has_training:
        training = [training_bits_per_character(point) for point in curve.points]
        axes.plot(position, training, color=style["color"], linewidth=0.9, alpha=0.7)
    held_out = [point.bits_per_character for point in curve.points]
    (line,) = axes.plot(position, held_out, linewidth=2.0, markersize=5, **style)
    return line


def _position(point: CurvePoint, axis: Axis) -> float:
    positions: dict[Axis, float] = {
        "updates": point.step,
        "seconds": point.elapsed_s,
        "minutes": point.elapsed_s / 60,
        "epochs": point.epoch,
    }
    return positions[axis]


def _style(rank: int) -> dict[str, Any]:
    round_number, colour = divmod(rank, len(_COLOURS))
    marker = _MARKERS[round_number % len(_MARKERS)]
    return {"color": _COLOURS[colour], "marker": marker, "markerfacecolor": "white"}


def _best(curve: Curve) -> float:
    return min(_finite(point.bits_per_character for point in curve.points), default=math.inf)


def _fit_height(axes: Axes, curves: Sequence[Curve], has_training: bool) -> None:
    """Give the height to where the curves differ, not to how fast all of them begin."""
    early: list[float] = []
    seen: list[float] = []
    for curve in curves:
        lines = [[point.bits_per_character for point in curve.points]]
        if has_training:
            lines.append([training_bits_per_character(point) for point in curve.points])
        for line in lines:
            seen += _finite(line)
            early += _finite(line[int(_EARLY * len(line)) :])
    if early:
        low, high = min(seen), max(early)
        room = _AROUND * max(high - low, 0.05)
        axes.set_ylim(low - room, high + room)


def _finite(values: Any) -> list[float]:
    return [value for value in values if math.isfinite(value)]


def _latin(text: str) -> str:
    """What of a label can be drawn; a dollar would begin a formula, a leading _ hide the label."""
    drawable = "".join(c for c in text if c.isprintable() and c <= _LAST_LATIN)
    kept = " ".join(drawable.split()).lstrip("_- ")[:_MAX_LABEL]
    return kept.replace("$", r"\$")

"""The picture of a fine-tune: what the new songs gained, what the others lost, and the loss.

Only the training child draws: matplotlib takes more memory than the rest of the bot.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from model.training.finetune import Comparison
from model.training.progress import FinetunePoint

_PAPER, _INK, _GRID = "#2b2d31", "#dbdee1", "#3f4147"  # as in Discord's dark theme
_NEW, _OTHERS, _LOSS = "#f47fff", "#5bc0eb", "#80848e"
_INCHES, _DPI = (8.0, 4.5), 110


def write_curve(
    points: Sequence[FinetunePoint], new_songs: Comparison | None, path: Path, title: str
) -> None:
    """Write a PNG of the run whose new songs, if any, went from `.live` to `.candidate`."""
    figure = Figure(figsize=_INCHES, dpi=_DPI, layout="constrained", facecolor=_PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(facecolor=_PAPER)
    _draw_bits(axes, points, new_songs)
    loss = axes.twinx()
    _draw_loss(loss, points)
    for each in (axes, loss):
        _dress(each)
    axes.set_title(title, color=_INK, fontsize=14, loc="left", pad=12)
    axes.set_xlabel("seconds")
    axes.set_ylabel("bits per character on held-out text, less is better")
    axes.grid(color=_GRID, linewidth=0.8)
    figure.legend(loc="outside lower center", ncols=4, frameon=False, labelcolor=_INK, fontsize=11)
    figure.savefig(path)


def _draw_bits(axes: Axes, points: Sequence[FinetunePoint], new_songs: Comparison | None) -> None:
    seconds = [point.elapsed_s for point in points]
    new = [point.new_songs for point in points]
    style: dict[str, Any] = {"linewidth": 2.5, "marker": "o", "markersize": 5}
    if new_songs:
        axes.plot(seconds, new, color=_NEW, label="new songs", zorder=3, **style)
    others = [point.others for point in points]
    axes.plot(seconds, others, color=_OTHERS, label="other artists", zorder=2, **style)
    if points and new_songs:
        kept = min(points, key=lambda point: abs(point.new_songs - new_songs.candidate))
        axes.plot(
            [kept.elapsed_s],
            [kept.new_songs],
            marker="*",
            markersize=18,
            color="#fee75c",
            linestyle="none",
            zorder=4,
            label="kept",
        )
    if first := next((point for point in points if point.stage == "training"), None):
        axes.axvspan(seconds[0], first.elapsed_s, color=_GRID, alpha=0.5, linewidth=0)
        axes.annotate(
            "artists only",
            (seconds[0], 1.0),
            (6, -6),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            color=_INK,
            fontsize=10,
            va="top",
        )


def _draw_loss(axes: Axes, points: Sequence[FinetunePoint]) -> None:
    """The stages read different text, so their losses are two lines."""
    seconds = [point.elapsed_s for point in points]
    loss = [math.nan if point.train_loss is None else point.train_loss for point in points]
    axes.plot(seconds, loss, color=_LOSS, linestyle="--", label="training loss")
    axes.set_ylabel("training loss, nats per token")


def _dress(axes: Axes) -> None:
    axes.tick_params(colors=_INK, labelsize=11)
    axes.xaxis.label.set_color(_INK)
    axes.yaxis.label.set_color(_INK)
    for spine in axes.spines.values():
        spine.set_color(_GRID)

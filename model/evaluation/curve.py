"""The picture of a training run: loss and bits per character over time."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from model.training.progress import CurvePoint


def write_curve(points: Sequence[CurvePoint], path: Path, title: str) -> None:
    """Write a PNG of `points` to `path`; needs no display."""
    figure = Figure(figsize=(8, 4.5), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    epochs = [point.epoch for point in points]
    axes.plot(
        epochs,
        [point.bits_per_character for point in points],
        marker="o",
        markersize=4,
        color="#5865f2",
        label="held out, bits per character",
    )
    axes.set_xlabel("epoch")
    axes.set_ylabel("bits per character", color="#5865f2")
    loss = axes.twinx()
    loss.plot(
        epochs, [point.train_loss for point in points], color="#eb459e", label="training loss"
    )
    loss.set_ylabel("training loss, nats per token", color="#eb459e")
    axes.set_title(title)
    axes.grid(alpha=0.3)
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    figure.savefig(path)

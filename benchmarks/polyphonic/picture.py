"""The curves of several runs on the classic sets in one picture, a field for each set."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from benchmarks.polyphonic.datasets import DATASETS
from benchmarks.polyphonic.runs import read_report
from model.comparison.logs import read_log
from model.evaluation.curve import NATS_PER_FRAME, Curve, draw_curves


class _Run(NamedTuple):
    """Where a run's curve belongs."""

    dataset: str
    curve: Curve


def add_command(commands: Any) -> None:
    """Add `polyphonic-picture` to the parser of `python -m benchmarks`."""
    parser = commands.add_parser("polyphonic-picture", help=__doc__, description=__doc__)
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="folder of a run")
    parser.add_argument("--out", type=Path, required=True, help="the picture, a .png file")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Draw what runs of `polyphonic` have left in their folders."""
    draw([_read(folder) for folder in options.runs], options.out)
    print(f"The picture is {options.out}.")
    return 0


def draw(runs: Iterable[_Run], path: Path) -> None:
    """Validation over the minutes; sets without a run are left out."""
    by_set: dict[str, list[Curve]] = {}
    for each in runs:
        by_set.setdefault(each.dataset, []).append(each.curve)
    names = [name for name in DATASETS if name in by_set]
    figure = Figure(figsize=(5.5 * len(names), 4.5), dpi=130, layout="constrained")
    FigureCanvasAgg(figure)
    for axes, name in zip(figure.subplots(1, len(names), squeeze=False)[0], names, strict=True):
        curves = by_set[name]
        legend = draw_curves(axes, curves, "minutes", has_training=False, unit=NATS_PER_FRAME)
        axes.legend(*legend, frameon=False, fontsize=8)
        axes.set_title(f"{name}, validation", loc="left")
    figure.savefig(path)


def _read(folder: Path) -> _Run:
    report = read_report(folder)
    keys = f", transposed ±{report['transpose']}" if report["transpose"] else ""
    label = f"{report['cell']}, {report['output']}{keys}"
    return _Run(report["dataset"], Curve(label, read_log(folder)))

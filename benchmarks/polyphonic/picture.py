"""The curves of several runs on the classic sets in one picture, a field a set and output."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from benchmarks.polyphonic.report import OUTPUTS
from benchmarks.polyphonic.runs import read_report
from model.comparison.logs import read_log
from model.errors import ModelError
from model.evaluation.curve import NATS_PER_FRAME, Curve, draw_curves


class _Run(NamedTuple):
    """A run's curve, and the field it belongs to: figures of different outputs do not compare."""

    field: tuple[str, str]
    curve: Curve


def add_command(commands: Any) -> None:
    """Add `polyphonic-picture` to the parser of `python -m benchmarks`."""
    parser = commands.add_parser("polyphonic-picture", help=__doc__, description=__doc__)
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="folder of a run")
    parser.add_argument("--out", type=Path, required=True, help="the picture, a .png file")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Draw what runs of `polyphonic` have left in their folders."""
    try:
        runs = [_read(folder) for folder in options.runs]
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    draw(runs, options.out)
    print(f"The picture is {options.out}.")
    return 0


def draw(runs: Iterable[_Run], path: Path) -> None:
    """Validation over the minutes; fields without a run are left out."""
    fields: dict[tuple[str, str], list[Curve]] = {}
    for each in sorted(runs, key=lambda run: run.field):
        fields.setdefault(each.field, []).append(each.curve)
    columns = min(2, len(fields))
    rows = -(-len(fields) // columns)
    figure = Figure(figsize=(5.5 * columns, 4.0 * rows), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    every = figure.subplots(rows, columns, squeeze=False).flat
    for axes, ((dataset, output), curves) in zip(every, fields.items(), strict=False):
        legend = draw_curves(axes, curves, "minutes", has_training=False, unit=NATS_PER_FRAME)
        axes.legend(*legend, frameon=False, fontsize=8)
        axes.set_title(f"{dataset}, {OUTPUTS[output]}: validation", loc="left", fontsize=10)
    figure.savefig(path)


def _read(folder: Path) -> _Run:
    report = read_report(folder)
    label = report["cell"]
    if window := report["network"]["attention_window"]:
        label += f", looks back {window} frames"
    if semitones := report["transpose"]:
        label += f", in {2 * semitones + 1} keys"
    return _Run((report["dataset"], report["output"]), Curve(label, read_log(folder)))

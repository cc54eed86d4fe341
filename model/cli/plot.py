"""`python -m model plot`: the curves of one or several training runs in one picture."""

import argparse
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from model.comparison.logs import find_curves
from model.errors import ConfigError
from model.evaluation.curve import AXES, write_curves


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which runs, over what, and where the picture goes."""
    parser.add_argument(
        "runs", nargs="+", type=Path, metavar="RUN", help="folder of `train` or of `compare`"
    )
    parser.add_argument("--out", type=Path, required=True, help="the picture, a .png file")
    parser.add_argument("--x", choices=AXES, default="updates", help="default updates")
    parser.add_argument(
        "--training",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="also the training loss, as a thin line of the same colour",
    )
    parser.add_argument("--title", default="", help="Latin letters only")


def run(args: argparse.Namespace, console: Console) -> int:
    """Draw every run, and tell the best of each."""
    out: Path = args.out
    if out.suffix.lower() != ".png":
        raise ConfigError(f"{out} cannot be written; give --out a name that ends in .png.")
    curves = find_curves(args.runs)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_curves(curves, out, args.title, axis=args.x, has_training=args.training)
    table = Table()
    for column in ("run", "best bits per character", "at update", "of updates", "minutes"):
        table.add_column(column, justify="left" if column == "run" else "right")
    for number, curve in enumerate(curves, 1):
        best = min(curve.points, key=lambda point: point.bits_per_character)
        last = curve.points[-1]
        figures = (f"{best.bits_per_character:.4f}", f"{best.step:,}", f"{last.step:,}")
        table.add_row(f"{number}. {escape(curve.label)}", *figures, f"{last.elapsed_s / 60:.1f}")
    console.print(table)
    console.print(f"The picture is {out}.", markup=False)
    return 0

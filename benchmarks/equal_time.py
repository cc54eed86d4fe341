"""What a few minutes of training on tinyshakespeare give, beside what people usually use."""

import argparse
from pathlib import Path
from typing import Any

from rich.table import Table

from benchmarks.language_modelling.command import run_recipe
from benchmarks.learning.command import add_run_options, measure

MINUTES = (2, 5, 10)  # for which there are recipes


def add_command(commands: Any) -> None:
    """Add `equal-time` to the parser of `python -m benchmarks`."""
    parser = commands.add_parser(
        "equal-time",
        help=__doc__,
        description=f"{__doc__} Only training is timed: validations stop the clock.",
    )
    parser.add_argument(
        "--minutes", type=float, default=5, help="of training; there are recipes for 2, 5 and 10"
    )
    parser.add_argument("--recipe", help="a name or a TOML file (default: that of the minutes)")
    add_run_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Train for the minutes asked for, and put the result among its peers."""
    nearest = min(MINUTES, key=lambda minutes: abs(minutes - options.minutes))
    recipe = options.recipe or f"shakespeare-{nearest}-minutes"
    folder = options.out or Path("runs") / f"equal-time-{options.minutes:g}-minutes"
    return measure(
        options, lambda: run_recipe(options, "tinyshakespeare", recipe, folder), folder, _table
    )


def _table(report: dict[str, Any]) -> Table:
    table = Table("", "minutes", "nats per character", title="tinyshakespeare, the last tenth")
    minutes = f"{report['training_s'] / 60:.2f}"
    nats = report["validation"]["nats_per_character"]
    table.add_row(f"Cypher, {report['recipe']}", minutes, f"{nats:.3f}", style="bold")
    table.add_section()
    for peer in report["published"]:
        minutes = "" if peer["minutes"] is None else f"{peer['minutes']:g}"
        table.add_row(f"{peer['name']} ({peer['source']})", minutes, f"{peer['figure']:.2f}")
    return table

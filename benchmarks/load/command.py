"""Put the whole bot under load, on real sockets: who is answered, and how soon."""

import argparse
import asyncio
import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.load.errors import LoadError
from benchmarks.load.report import print_report
from benchmarks.load.scenario import Scenario
from benchmarks.machine import busy_warning, machine_facts
from model.checkpoint import load_checkpoint
from model.errors import ModelError


def add_command(commands: Any) -> None:
    """Add `load` to the parser of `python -m benchmarks`."""
    parser = commands.add_parser("load", help=__doc__, description=__doc__)
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints/starter"))
    parser.add_argument(
        "--rate", type=float, default=5.0, help="requests per second; 0: none (default: 5)"
    )
    parser.add_argument(
        "--seconds", type=float, default=30.0, help="how long at that rate (default: 30)"
    )
    parser.add_argument(
        "--bursts",
        type=_sizes,
        default=(50, 200, 1000),
        metavar="N,N",
        help="requests at once; an empty text: none (default: 50,200,1000)",
    )
    parser.add_argument(
        "--verses",
        type=int,
        default=0,
        metavar="N",
        help="at the end keep the bot busy until it has written so many, and follow its memory;"
        " 20000 take ten minutes (default: 0, not)",
    )
    parser.add_argument("--retrain", action="store_true", help="while a fine-tune runs")
    parser.add_argument(
        "--patience",
        type=float,
        default=120.0,
        metavar="SECONDS",
        help="after which a request without an answer is lost (default: 120)",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the arrivals (default: 0)")
    parser.add_argument("--json", action="store_true", help="figures as one JSON object")
    parser.set_defaults(run=run)


def _sizes(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r} are no numbers of requests, like 50,200,1000")
    return tuple(dict.fromkeys(int(part) for part in parts))


def run(options: argparse.Namespace) -> int:
    """Exit 1 when a request was lost, or nothing can be said of the bot."""
    if not Path("/proc/self/status").exists():
        print("The bot's memory is read from /proc: run this on Linux.", file=sys.stderr)
        return 1
    facts = machine_facts()
    try:
        with tempfile.TemporaryDirectory(prefix="cypher-load-") as folder:
            report = {"machine": facts, **_measured(options, Path(folder))}
    except (LoadError, ModelError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        print_report(report, Console())
    if warning := busy_warning(facts):
        print(warning, file=sys.stderr)
    played = [*report["scenarios"].values(), report.get("endurance", {"lost": 0})]
    return 1 if any(each["lost"] for each in played) else 0


def _measured(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    from benchmarks.load.trial import Trial  # what tests need: other benchmarks do without

    trial = Trial(
        checkpoint=options.checkpoint,
        artists=load_checkpoint(options.checkpoint).artists,
        scenarios=_scenarios(options),
        patience_s=options.patience,
        num_verses=options.verses,
        with_finetune=options.retrain,
        tell=lambda sentence: print(sentence, file=sys.stderr, flush=True),
    )
    return asyncio.run(trial.perform(folder))


def _scenarios(options: argparse.Namespace) -> list[Scenario]:
    scenarios = [Scenario.burst(size) for size in options.bursts]
    if options.rate > 0:
        rng = random.Random(options.seed)
        scenarios.insert(0, Scenario.at_rate(options.rate, options.seconds, rng))
    return scenarios

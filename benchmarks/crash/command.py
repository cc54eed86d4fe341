"""Kill the bot in the middle of its work, and see whether it keeps its word after a restart."""

import argparse
import asyncio
import itertools
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from benchmarks.crash.aims import aims, scattered_aims
from benchmarks.crash.drill import Drill, DrillError, Round
from benchmarks.machine import machine_facts
from model.checkpoint import save_checkpoint

_KINDS = ("votes", "submissions", "approvals", "verses", "runs", "verdicts", "backups")


def add_command(commands: Any) -> None:
    """Add `crash` to the parser of `python -m benchmarks`."""
    parser = commands.add_parser("crash", help=__doc__, description=__doc__)
    parser.add_argument("--rounds", type=_count, default=10, metavar="N", help="default: 10")
    parser.add_argument("--checkpoint", type=Path, help="default: a tiny one, made for this")
    parser.add_argument("--seed", type=int, default=0, help="of the moments (default: 0)")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="work in this folder, and leave it"
    )
    parser.add_argument(
        "--anywhere", action="store_true", help="most kills at random moments, a few aimed"
    )
    parser.add_argument("--json", action="store_true", help="figures as one JSON object")
    parser.set_defaults(run=run)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} is no number of rounds; give 1 or more")
    return int(text)


def run(options: argparse.Namespace) -> int:
    if not Path("/proc/self/stat").exists():
        print("The drill follows processes through /proc: run it on Linux.", file=sys.stderr)
        return 1
    torch.set_num_threads(1)
    facts = machine_facts()
    with _folder(options.keep) as folder:
        try:
            rounds = asyncio.run(_drill(folder, options))
        except DrillError as error:
            print(error, file=sys.stderr)
            return 1
    report = {"machine": facts, **summary(rounds)}
    if options.json:
        print(json.dumps(report, indent=2))
    else:
        _print_summary(report)
    return 1 if report["losses"] else 0


def summary(rounds: list[Round]) -> dict[str, Any]:
    acknowledged: Counter[str] = sum((Counter(each.acknowledged) for each in rounds), Counter())
    return {
        "num_rounds": len(rounds),
        "acknowledged": {kind: acknowledged[kind] for kind in _KINDS},
        "num_on_the_way": sum(each.num_on_the_way for each in rounds),
        "num_kills_while_training": sum(each.num_children > 0 for each in rounds),
        "longest_restart_s": max((each.restart_s for each in rounds), default=0.0),
        "losses": [loss for each in rounds for loss in each.losses],
        "rounds": [asdict(each) for each in rounds],
    }


async def _drill(folder: Path, options: argparse.Namespace) -> list[Round]:
    checkpoint = options.checkpoint or _tiny_checkpoint(folder / "starter")
    drill = Drill(folder / "data", checkpoint.resolve())
    rounds = []
    choose = scattered_aims if options.anywhere else aims
    for aim in itertools.islice(choose(random.Random(options.seed)), options.rounds):
        rounds.append(await drill.round(aim))
        if not options.json:
            print(_line(rounds[-1]), flush=True)
    return rounds


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="cypher-crash-") as name:
        yield Path(name)


def _tiny_checkpoint(folder: Path) -> Path:
    from tests.factories import tiny_checkpoint

    save_checkpoint(tiny_checkpoint("starter-1"), folder)
    return folder


def _line(result: Round) -> str:
    counts = ", ".join(f"{number} {kind}" for kind, number in result.acknowledged.items())
    verdict = "; ".join(result.losses) or "nothing lost"
    return f"{result.aim}: {counts or 'nothing'} acknowledged, {verdict}"


def _print_summary(report: dict[str, Any]) -> None:
    acknowledged = sum(report["acknowledged"].values())
    counts = ", ".join(f"{number} {kind}" for kind, number in report["acknowledged"].items())
    print(
        f"\n{report['num_rounds']} kills, {report['num_kills_while_training']} of them while a"
        f" training process ran.\n{acknowledged} acts were acknowledged ({counts});"
        f" {report['num_on_the_way']} were on their way.\nA new bot rapped within"
        f" {report['longest_restart_s']:.1f} s.\nLost: {len(report['losses']) or 'nothing'}."
    )

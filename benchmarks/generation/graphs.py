"""On a GPU: the step as one CUDA graph against the same operations launched one by one."""

import statistics
from collections.abc import Callable, Sequence
from typing import Any

from rich.table import Table

from benchmarks.generation.engine_speed import seconds_per_step, time_verses
from benchmarks.generation.subject import NUM_LINES, Subject
from model.engine import Engine
from model.engine.torch_runner import TorchRunner

NUM_SLOTS = (1, 64, 1024)
NUM_ROUNDS = 3
VERSES_PER_SLOT = 4  # so that verses come and go
MIN_VERSES = 16
_MAX_POSITIONS = 4096


def compare_graphs(subject: Subject, counts: Sequence[int] = NUM_SLOTS) -> list[dict[str, Any]]:
    """Steps and verses a second for several numbers of slots, all of them in use.

    One dict for each number of slots and way to compute: the engine's choice, the same in fp32, and
    eager PyTorch in fp32.
    """
    ways: dict[str, Callable[[int], Engine]] = {
        "auto": lambda count: subject.engine(count, "auto"),
        "fp32": lambda count: subject.engine(count, "fp32"),
        "eager": lambda count: _eager(subject, count),
    }
    return [
        {"slots": count, "way": way, **_measure(subject, build(count), count)}
        for count in counts
        for way, build in ways.items()
    ]


def graphs_table(rows: Sequence[dict[str, Any]]) -> Table:
    """For people, with the gain over eager PyTorch."""
    eager = {row["slots"]: row["verses_per_s"] for row in rows if row["way"] == "eager"}
    headings = ("slots", "computed in", "steps/s", "verses/s", "against eager")
    table = Table(*headings, title=f"{NUM_LINES}-line verses, all slots in use")
    for row in rows:
        table.add_row(
            f"{row['slots']:,}",
            row["engine"],
            f"{row['steps_per_s']:,.0f}",
            f"{row['verses_per_s']:,.1f}",
            f"{row['verses_per_s'] / eager[row['slots']]:.1f} times",
        )
    return table


def _eager(subject: Subject, num_slots: int) -> Engine:
    runner = TorchRunner(subject.model, subject.marks, num_slots, _MAX_POSITIONS)
    return Engine.around(runner, num_slots)


def _measure(subject: Subject, engine: Engine, num_slots: int) -> dict[str, Any]:
    endless = subject.requests(num_slots, lines=64)
    verses = subject.requests(max(MIN_VERSES, VERSES_PER_SLOT * num_slots))
    time_verses(engine, verses[:MIN_VERSES])  # warm up
    step_s = statistics.median(seconds_per_step(engine, endless) for _ in range(NUM_ROUNDS))
    return {
        "engine": engine.computes_in,
        "steps_per_s": 1 / step_s,
        "verses_per_s": len(verses) / time_verses(engine, verses).seconds,
    }

"""The figures of all scenarios as a table for people."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.table import Table


def print_report(report: dict[str, Any], console: Console) -> None:
    scenarios = report["scenarios"]
    if scenarios:
        console.print(_table(report["machine"], scenarios))
    for name, figures in scenarios.items():
        for sentence, number in figures["refusals"].items():
            console.print(f"{name}: {number} were told “{sentence}”", markup=False)
    if endurance := report.get("endurance"):
        for line in _endurance(endurance):
            console.print(line, markup=False)
    for error, number in report["bot_errors"].items():
        console.print(f"The bot logged {number} times: {error}", markup=False)
    if finetune := report.get("finetune"):
        beside = ", ".join(finetune["alongside"]) or "no scenario from begin to end"
        end = "has ended" if finetune["has_ended"] else "has not ended"
        console.print(f"The fine-tune {end}: {finetune['told']}", markup=False)
        console.print(f"It ran beside {beside}.", markup=False)


def _table(machine: dict[str, Any], scenarios: dict[str, Any]) -> Table:
    table = Table(
        title="/rap under load",
        caption=f"{machine['processor']}, {machine['num_processors']} processors,"
        f" torch {machine['torch']}",
    )
    table.add_column("")
    for name in scenarios:
        table.add_column(name, justify="right")
    columns = [_column(figures) for figures in scenarios.values()]
    for heading in columns[0]:
        table.add_row(heading, *(column[heading] for column in columns))
    return table


def _endurance(figures: dict[str, Any]) -> Iterator[str]:
    yield (
        f"{figures['asking']} asking on and on: {figures['verses']:,} verses,"
        f" {figures['verses_per_s']:.1f} a second, {figures['refused']:,} refused,"
        f" {figures['lost']:,} lost; event loop late, ms (p50 p99 max):"
        f" {_three(figures['loop_lag_ms'], 0)}"
    )
    for number, mb in figures["memory_mb"].items():
        yield f"Memory after {int(number):,} verses: {mb:,.0f} MB"


def _column(figures: dict[str, Any]) -> dict[str, str]:
    share, memory = figures["acknowledged_within_3s"], figures["memory_mb"]
    return {
        "sent": f"{figures['sent']:,}",
        "acknowledged within 3 s": "–" if share is None else f"{share:.1%}",
        "acknowledged after, s (p50 p99 max)": _three(figures["acknowledgement_s"], 2),
        "verses": f"{figures['verses']:,}",
        "refused": f"{figures['refused']:,}",
        "lost": f"{figures['lost']:,}",
        "verse after, s (p50 p99 max)": _three(figures["verse_s"], 1),
        "refusal after, s (p50 p99 max)": _three(figures["refusal_s"], 1),
        "verses per second": f"{figures['verses_per_s']:.1f}",
        "event loop late, ms (p50 p99 max)": _three(figures["loop_lag_ms"], 0),
        "this side late, ms (p50 p99 max)": _three(figures["discord_lag_ms"], 0),
        "memory, MB (before, after)": f"{memory['before']:,.0f} {memory['after']:,.0f}",
    }


def _three(spread: dict[str, float | None], digits: int) -> str:
    return " ".join("–" if each is None else f"{each:.{digits}f}" for each in spread.values())

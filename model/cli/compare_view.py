"""What a comparison shows while it runs and at its end."""

from types import TracebackType
from typing import Self

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from model.comparison.budget import Budget
from model.comparison.child import Message
from model.comparison.grid import Choice
from model.comparison.outcome import Measured
from model.comparison.report import Row, figures_of
from model.training.progress import CurvePoint, TrainingProgress

_SHOWN = {
    "held-out bits/char": "held-out\nbits",
    "training bits/char": "train\nbits",
    "held-out perplexity": "held-out\nppl",
    "parameters": "params",
    "characters/s": "chars/s",
    "updates": "updates",
    "peak MB": "MB",
}
_NAME_WIDTH = 16


class CompareView:
    """A bar over the budget of all runs on a terminal; else a line when a run begins or ends."""

    def __init__(self, console: Console, num_runs: int, num_new: int, budget: Budget) -> None:
        self._console = console
        self._num_runs = num_runs
        self._num_ended = 0
        self._num_known = 0
        self._bits = ""
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[figures]}"),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=max(1, num_new), figures="")
        kept = f" ({num_runs - num_new} kept from before)" if num_new < num_runs else ""
        runs = "1 run" if num_runs == 1 else f"{num_runs} runs"
        console.print(f"{runs} of {budget} each{kept}")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def begin(self, choice: Choice) -> None:
        """The next run is this one."""
        self._bits = ""
        where = f"run {self._num_ended + 1} of {self._num_runs}: {escape(choice.name)}"
        self._bar.update(self._task, description=where, figures="")
        if not self._console.is_terminal:
            self._console.print(where)

    def on_message(self, message: Message) -> None:
        """Show what a running training tells."""
        if isinstance(message, CurvePoint):
            self._bits = f"{message.bits_per_character:.3f} bits/char · "
        elif isinstance(message, TrainingProgress):
            done = self._num_ended - self._num_known + message.fraction
            figures = f"{self._bits}{message.tokens_per_s:,.0f} tokens/s"
            self._bar.update(self._task, completed=done, figures=figures)

    def end(self, row: Row, *, is_known: bool) -> None:
        """One line on how it went."""
        self._num_ended += 1
        self._num_known += is_known
        self._bar.update(self._task, completed=self._num_ended - self._num_known)
        name = escape(row.run.choice.name)
        kept = " (kept from before)" if is_known else ""
        if isinstance(row.outcome, Measured):
            told = f"{row.held_out:.3f} bits per character held out, {row.outcome.seconds:.0f} s"
            self._console.print(f"  {name}: {told}{kept}")
        else:
            reason = escape(row.outcome.reason)
            self._console.print(f"  {name}: failed{kept}. {reason}", style="red")


def results_table(rows: list[Row]) -> Table:
    """The figures of all runs that fit a terminal, in the order given."""
    caption = "bits per character; ppl: perplexity per token"
    caption = "bits per character; ppl: perplexity per token"
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), caption=caption)
    table.caption_justify = "left"
    table.add_column("network", min_width=_NAME_WIDTH)
    for heading in _SHOWN.values():
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        outcome = row.outcome
        figures = figures_of(outcome) if isinstance(outcome, Measured) else {}
        shown = [figures[column] for column in _SHOWN] if figures else ["failed"]
        table.add_row(escape(row.run.choice.name), *shown)
    return table

"""What an import did: for each artist how many songs, and for each refusal where and why."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.store import ImportOutcome
from model.corpus.readers import Note, Refusal

_NOBODY = "(no artist)"


@dataclass(slots=True)
class ImportReport:
    taken: Counter[str] = field(default_factory=Counter)
    duplicates: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)

    @property
    def num_found(self) -> int:
        return self.taken.total() + self.duplicates.total()

    def note_outcomes(self, outcomes: Iterable[ImportOutcome]) -> None:
        for outcome in outcomes:
            counter = self.taken if outcome.is_taken else self.duplicates
            counter[outcome.song.artist] += 1

    def note_refusal(self, refusal: Refusal) -> None:
        self.refused[refusal.artist or _NOBODY] += 1
        self._remark("refused", refusal.source, refusal.line, refusal.reason)

    def note(self, note: Note) -> None:
        self._remark("note", note.source, note.line, note.message)

    def print(self, console: Console, *, is_dry_run: bool) -> None:
        """The remarks first, so that the table is what stays in sight."""
        for remark in self.remarks:
            console.print(Text(remark), soft_wrap=True)
        console.print(self._table("Would take" if is_dry_run else "Taken"))
        if is_dry_run:
            console.print("This was a dry run: nothing was written.")
        elif self.taken:
            console.print(
                "They count as approved: /retrain, or the next scheduled run, learns them."
            )

    def _table(self, taken: str) -> Table:
        table = Table(show_footer=True)
        table.add_column("Artist", "All", overflow="fold")
        for title, counter in (
            (taken, self.taken),
            ("Duplicates", self.duplicates),
            ("Refused", self.refused),
        ):
            table.add_column(title, f"{counter.total():,}", justify="right")
        for artist in sorted({*self.taken, *self.duplicates, *self.refused}, key=str.casefold):
            counts = (self.taken[artist], self.duplicates[artist], self.refused[artist])
            table.add_row(Text(artist), *(f"{count:,}" for count in counts))
        return table

    def _remark(self, kind: str, source: str, line: int, text: str) -> None:
        place = f"{source}:{line}" if line else source
        self.remarks.append(f"{kind}: {place}: {text}")

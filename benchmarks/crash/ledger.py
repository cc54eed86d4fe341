"""What members were told, as the doomed bot reported it: after a restart all of it must be true."""

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.store import VoteCount

Rows = list[dict[str, Any]]  # the buttons below a message, as Discord keeps them
Vote = Literal[1, -1, 0]
Key = tuple[int, int]  # the number of a verse, the number of a member


@dataclass(slots=True)
class Ledger:
    """Fed with one report at a time. An act is reported before it is done, and once answered.

    What was begun and never answered may have been kept or not.
    """

    buttons: dict[int, Rows] = field(default_factory=dict)  # by verse
    votes: dict[Key, Vote] = field(default_factory=dict)
    presses: dict[Key, Literal[1, -1]] = field(default_factory=dict)  # not answered yet
    begun: dict[str, str] = field(default_factory=dict)  # lyrics handed in: words by title
    submitted: set[str] = field(default_factory=set)  # those that were answered
    approving: set[int] = field(default_factory=set)
    approved: set[int] = field(default_factory=set)
    runs: dict[int, bool | None] = field(default_factory=dict)  # promoted; None without a verdict
    backups: list[str] = field(default_factory=list)  # files
    num_acknowledged: Counter[str] = field(default_factory=Counter)

    def note(self, report: dict[str, Any]) -> None:
        """Reports that say only where the bot stands are passed over."""
        take = getattr(self, f"_on_{report['event']}", None)
        if take is not None:
            take(**{name: value for name, value in report.items() if name != "event"})

    @property
    def num_on_the_way(self) -> int:
        return (
            len(self.presses)
            + len(self.begun.keys() - self.submitted)
            + len(self.approving - self.approved)
        )

    def possible_votes(self, key: Key) -> set[Vote]:
        """Two where a press was on its way."""
        known: Vote = self.votes.get(key, 0)
        possible = {known}
        if (value := self.presses.get(key)) is not None:
            possible.add(_after_press(known, value))
        return possible

    def settle(self, votes: Mapping[Key, Vote], titles: Set[str], approved: Set[int]) -> None:
        """What is stored after a restart decides on what was on its way: it stays like that."""
        self.votes |= {key: votes.get(key, 0) for key in self.presses}
        self.presses.clear()
        self.submitted |= self.begun.keys() & titles
        self.begun = {title: self.begun[title] for title in self.submitted}
        self.approved |= self.approving & approved
        self.approving = set(self.approved)

    def _on_verse(self, verse: int, buttons: Rows) -> None:
        self.buttons[verse] = buttons
        self.num_acknowledged["verses"] += 1

    def _on_pressing(self, verse: int, user: int, value: Literal[1, -1]) -> None:
        self.presses[verse, user] = value

    def _on_vote(self, verse: int, user: int) -> None:
        key = (verse, user)
        self.votes[key] = _after_press(self.votes.get(key, 0), self.presses.pop(key))
        self.num_acknowledged["votes"] += 1

    def _on_submitting(self, title: str, text: str) -> None:
        self.begun[title] = text

    def _on_submission(self, title: str) -> None:
        self.submitted.add(title)
        self.num_acknowledged["submissions"] += 1

    def _on_approving(self, lyrics: int) -> None:
        self.approving.add(lyrics)

    def _on_approval(self, lyrics: int) -> None:
        self.approved.add(lyrics)
        self.num_acknowledged["approvals"] += 1

    def _on_backup(self, file: str) -> None:
        self.backups.append(file)
        self.num_acknowledged["backups"] += 1

    def _on_run(self, run: int) -> None:
        self.runs[run] = None
        self.num_acknowledged["runs"] += 1

    def _on_verdict(self, run: int, is_promoted: bool) -> None:
        self.runs[run] = is_promoted
        self.num_acknowledged["verdicts"] += 1


def _after_press(own: Vote, value: Literal[1, -1]) -> Vote:
    return VoteCount(up=int(own == 1), down=int(own == -1), own=own).after_press(value).own

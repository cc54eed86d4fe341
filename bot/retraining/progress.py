"""What a training run tells those who follow it, up to its verdict."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from bot.locale import N_, Sentence
from bot.store import Verdict as EndState

Stage = Literal[
    "queued", "replay", "artists", "training", "interpolation", "votes", "measuring", "done"
]

_MESSAGES: dict[Stage, str] = {
    "queued": N_("Gathering what is to be learned."),
    "replay": N_("Writing in every manner that I know, to remember them by."),
    "artists": N_("Getting to know the new artists or styles."),
    "training": N_("Learning what is new, and reading old pieces in between."),
    "interpolation": N_("Finding how much of it the others can bear."),
    "votes": N_("Leaning towards the verses that people liked."),
    "measuring": N_("Measuring the candidate against the live checkpoint."),
    "done": N_("Done."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a run ended. `curve` is a PNG, where there is one."""

    state: EndState
    reason: Sentence
    figures: dict[str, Any] = field(default_factory=dict)
    curve: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingProgress:
    """A look at a run; None where it cannot be said yet.

    `fraction` is of the whole run, `loss` in nats per token, `bits_per_character` of held-out text
    of the new songs. Only the last one, of the stage "done", has a verdict.
    """

    stage: Stage
    fraction: float
    loss: float | None = None
    bits_per_character: float | None = None
    eta_s: float | None = None
    verdict: Verdict | None = None

    @property
    def message(self) -> Sentence:
        return self.verdict.reason if self.verdict else Sentence(_MESSAGES[self.stage])


class ProgressFeed:
    """The latest progress of one run, for any number of followers, each at their own pace."""

    def __init__(self, first: TrainingProgress) -> None:
        self.latest = first
        self._news = asyncio.Event()

    def publish(self, progress: TrainingProgress) -> None:
        self.latest = progress
        self._news.set()
        self._news = asyncio.Event()

    async def follow(self) -> AsyncIterator[TrainingProgress]:
        """The latest at once, then each later one that the follower is quick enough to see.

        Ends after the verdict.
        """
        while True:
            seen, news = self.latest, self._news
            yield seen
            if seen.verdict is not None:
                return
            await news.wait()

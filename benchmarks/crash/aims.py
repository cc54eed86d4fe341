"""At which moment a round kills the bot."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.crash.pauses import PAUSES

# An event, how many of it at most, and the most seconds after it.
_ANYWHERE = (("starting", 1, 2.0), ("verse", 10, 0.2), ("vote", 60, 0.1), ("backup", 2, 0.3))
_SHARE_WITH_RAPS = 0.7
STAGES = ("queued", "replay", "artists", "training", "measuring")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """`delay_s` after the `occurrence`-th report of `event`.

    With `pause` the bot stands still at that point of a promotion until the kill comes.
    """

    name: str
    event: str
    delay_s: float
    occurrence: int = 1
    is_learning: bool = False
    does_rap: bool = False  # all the time; training waits for verses
    pause: str | None = None


def aims(rng: random.Random) -> Iterator[Aim]:
    """Without an end, in tens: a start, votes, submissions, fine-tunes, promotions, a verdict."""
    pauses = itertools.cycle(PAUSES)
    while True:
        yield Aim(name="a start", event="starting", delay_s=rng.uniform(0, 0.4))
        yield Aim(name="votes", event="ready", delay_s=rng.uniform(0.5, 3))
        yield _submission(rng)
        yield training(rng.choice(STAGES), rng.uniform(0, 2))
        yield _promotion(next(pauses))
        yield _promotion(next(pauses))
        yield Aim(name="a verdict", event="verdict", delay_s=rng.uniform(0, 1), is_learning=True)
        yield _submission(rng)
        yield training(rng.choice(STAGES), rng.uniform(0, 2))
        yield _promotion(next(pauses))


def scattered_aims(rng: random.Random) -> Iterator[Aim]:
    """Without an end: nine in ten kills at any moment of a bot's first acts, with everything under
    way; every tenth is one of the aimed ones, by turns. Acts and not seconds are counted, so that
    the machine does not matter.
    """
    aimed = aims(rng)
    while True:
        for _ in range(9):
            event, num_acts, most_s = rng.choice(_ANYWHERE)
            yield Aim(
                name=f"any moment, {event}",
                event=event,
                occurrence=rng.randint(1, num_acts),
                delay_s=rng.uniform(0, most_s),
                is_learning=True,
                does_rap=event == "verse" or rng.random() < _SHARE_WITH_RAPS,
            )
        yield next(aimed)


def training(stage: str, delay_s: float) -> Aim:
    name = f"a fine-tune, {stage}"
    return Aim(name=name, event=f"stage {stage}", delay_s=delay_s, is_learning=True)


def _submission(rng: random.Random) -> Aim:
    occurrence, delay_s = rng.randint(2, 6), rng.uniform(0, 0.03)
    return Aim(name="a submission", event="submitting", occurrence=occurrence, delay_s=delay_s)


def _promotion(pause: str) -> Aim:
    name = f"a promotion, {pause}"
    return Aim(name=name, event="pause", delay_s=0.1, is_learning=True, pause=pause)

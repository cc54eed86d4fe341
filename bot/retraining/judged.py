"""Verses that people have voted on, as a run reads them: off until there are enough votes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.config import RetrainingConfig
from bot.retraining.ballots import tally
from bot.retraining.kin import identity
from bot.store import Store
from model.training.preferences import JudgedVerse

_MIN_VOTERS = 5
_MOST_VOTES = 2_000


@dataclass(frozen=True, slots=True)
class Judged:
    """`until` is when the last vote was cast that counts; None where votes teach nothing."""

    verses: list[JudgedVerse]
    num_votes: int
    num_voters: int
    until: datetime | None


NOTHING = Judged([], 0, 0, None)


async def gather(
    store: Store, voices: Iterable[str], config: RetrainingConfig, until: datetime | None = None
) -> Judged:
    """`voices` are those of the live checkpoint; `until` gives what a run was given before."""
    if not config.votes_share:
        return NOTHING
    votes = await store.votes.untaught(_MOST_VOTES, until)
    counted = tally(votes)
    if counted.num_votes < config.min_votes or counted.num_voters < _MIN_VOTERS:
        return NOTHING
    spelling = {identity(voice): voice for voice in voices}
    verses = [
        JudgedVerse(
            artist=spelling[identity(verse.voice)],
            text=verse.text,
            weight=counted.weights[verse.id],
            seed=verse.seed,
            context=verse.context,
        )
        for verse in sorted(await store.verses.get_many(counted.weights), key=lambda each: each.id)
        if identity(verse.voice) in spelling
    ]
    if not verses:
        return NOTHING
    return Judged(verses, counted.num_votes, counted.num_voters, votes[0].cast_at)

"""Simulated voters: each likes one thing, and is wrong about it now and then."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from bot.store import CastVote

Verdict = Callable[[int, random.Random], bool]
"""Whether a voter who makes no mistake likes the verse of this number."""

_NOW = datetime(2026, 6, 1, tzinfo=UTC)
_CONSISTENT = (0.7, 0.85)
_BRIGADE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenVerse:
    """A verse, and how it was asked for."""

    artist: str
    seed: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Electorate:
    """`num_voters` members, each with a vote on `num_each` of the verses, drawn by `seed`."""

    num_voters: int
    num_each: int
    seed: int


def likes_most(verses: Sequence[WrittenVerse], like: Callable[[str], float]) -> Verdict:
    """Better than half of that artist's verses: nobody asks Dickinson for Kipling's lines."""
    values = [like(verse.text) for verse in verses]
    middle = {
        artist: median(
            value for verse, value in zip(verses, values, strict=True) if verse.artist == artist
        )
        for artist in {verse.artist for verse in verses}
    }
    return lambda number, _: values[number] > middle[verses[number].artist]


def by_chance(number: int, chance: random.Random) -> bool:
    """Votes that say nothing."""
    return chance.random() < 0.5


def vote(
    verses: Sequence[WrittenVerse], electorate: Electorate, verdict: Verdict
) -> list[CastVote]:
    """Votes of members who are right 70 to 85 times of a hundred."""
    chance = random.Random(electorate.seed)
    votes = []
    for voter in range(1, electorate.num_voters + 1):
        consistency = chance.uniform(*_CONSISTENT)
        for number in chance.sample(range(len(verses)), electorate.num_each):
            is_liked = verdict(number, chance) is (chance.random() < consistency)
            votes.append(_vote(verses, number, voter, is_liked=is_liked))
    return votes


def brigade(verses: Sequence[WrittenVerse], artist: str, num_accounts: int = 50) -> list[CastVote]:
    """Accounts that vote every verse of one artist down."""
    return [
        _vote(verses, number, _BRIGADE + account, is_liked=False)
        for account in range(num_accounts)
        for number, verse in enumerate(verses)
        if verse.artist == artist
    ]


def _vote(verses: Sequence[WrittenVerse], number: int, voter: int, *, is_liked: bool) -> CastVote:
    return CastVote(
        verse_id=number,
        artist=verses[number].artist,
        guild_id=1,
        requester_id=0,
        user_id=voter,
        value=1 if is_liked else -1,
        cast_at=_NOW,
    )

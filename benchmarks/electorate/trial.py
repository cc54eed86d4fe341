"""One election: its votes are learned, and verses are written anew with the same seeds."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import mean, stdev
from typing import Any

from benchmarks.electorate.likes import LIKES
from benchmarks.electorate.voters import WrittenVerse
from bot.retraining.ballots import tally
from bot.store import CastVote
from model.checkpoint import Checkpoint
from model.config import FinetuneConfig
from model.corpus.dataset import EncodedSong
from model.evaluation.perplexity import NO_SCORE, score_songs
from model.search import VersePlan, write_verses
from model.training.finetune import finetune
from model.training.finetune_votes import VotesLearned
from model.training.preferences import JudgedVerse
from model.verse_study.study import VerseStudy, plans_of, write_plainly

_SCORED_TOGETHER = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Of a figure, over verses of the same seeds: before, after, and the change in standard
    deviations of the verses before, with its standard error.
    """

    before: float
    after: float
    change: float
    error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Figures by what is liked, each first as sampling and then as the search writes verses; bits
    per character of held-out songs, of all and of the artist that the brigade is after.
    """

    name: str
    num_votes: int
    num_voters: int
    learned: VotesLearned
    plain: dict[str, Change]
    searched: dict[str, Change]
    of_target: dict[str, Change]
    held_out: tuple[float, float]
    held_out_target: tuple[float, float]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Verses by one checkpoint, and how likely it holds the held-out songs."""

    plain: list[WrittenVerse]
    searched: list[WrittenVerse]
    held_out: float
    held_out_target: float


@dataclass(slots=True, kw_only=True)
class Election:
    """What all trials share. `target` is the artist that the brigade votes down."""

    live: Checkpoint
    verses: Sequence[WrittenVerse]
    artists: Sequence[str]
    target: str
    held_out: Sequence[EncodedSong]
    num_plain: int
    num_searched: int
    config: FinetuneConfig
    before: Samples = field(init=False)

    def __post_init__(self) -> None:
        self.before = self.sample(self.live)

    def hold(self, name: str, votes: Sequence[CastVote]) -> Trial:
        """Count, learn, measure."""
        counted = tally(votes)
        judged = [
            JudgedVerse(
                artist=self.verses[number].artist,
                text=self.verses[number].text,
                weight=weight,
                seed=self.verses[number].seed,
            )
            for number, weight in sorted(counted.weights.items())
        ]
        started = time.process_time()
        result = finetune(self.live, "candidate", [], [], self.config, verses=judged)
        seconds = time.process_time() - started
        assert result.votes is not None, "votes are all there is to learn"
        after = self.sample(result.candidate)
        return Trial(
            name=name,
            num_votes=counted.num_votes,
            num_voters=counted.num_voters,
            learned=result.votes,
            plain=_changes(self.before.plain, after.plain),
            searched=_changes(self.before.searched, after.searched),
            of_target=_changes(*(self._of_target(each.plain) for each in (self.before, after))),
            held_out=(self.before.held_out, after.held_out),
            held_out_target=(self.before.held_out_target, after.held_out_target),
            seconds=round(seconds, 1),
        )

    def sample(self, checkpoint: Checkpoint) -> Samples:
        """The same seeds each time."""
        target = self.live.artists.index(self.target)
        fresh = FRESH + APART * self.config.seed
        scores = score_songs(checkpoint.model, self.held_out, _SCORED_TOGETHER)
        of_target = [
            score
            for song, score in zip(self.held_out, scores, strict=True)
            if song.artist == target
        ]
        return Samples(
            plain=write(checkpoint, self.artists, self.num_plain, fresh, _plainly(checkpoint)),
            searched=write(
                checkpoint, self.artists, self.num_searched, fresh, _searched(checkpoint)
            ),
            held_out=sum(scores, NO_SCORE).bits_per_character,
            held_out_target=sum(of_target, NO_SCORE).bits_per_character,
        )

    def _of_target(self, verses: Sequence[WrittenVerse]) -> list[WrittenVerse]:
        return [verse for verse in verses if verse.artist == self.target]


Write = Callable[[Sequence[VersePlan]], Sequence[str]]
FRESH, JUDGED, APART = 900_000, 10_000, 1_000
"""Where the seeds of fresh verses begin, and of those that are voted on; and how far apart those
of two elections are.
"""


def write(
    checkpoint: Checkpoint, artists: Sequence[str], count: int, seed: int, by: Write
) -> list[WrittenVerse]:
    """Verses of the artists in turn, as members ask for them."""
    study = VerseStudy(artists=artists, count=count, scheme="own", num_candidates=8, rng_seed=seed)
    plans = plans_of(study, checkpoint)
    return [
        WrittenVerse(artist=study.artist_of(number), seed=plan.seed, text=text)
        for number, (plan, text) in enumerate(zip(plans, by(plans), strict=True))
    ]


def judged_verses(
    checkpoint: Checkpoint, artists: Sequence[str], count: int, seed: int
) -> list[WrittenVerse]:
    """What members see and vote on."""
    return write(checkpoint, artists, count, JUDGED + APART * seed, _searched(checkpoint))


def _searched(checkpoint: Checkpoint) -> Write:
    return lambda plans: [verse.text for verse in write_verses(checkpoint, plans)]


def _plainly(checkpoint: Checkpoint) -> Write:
    return lambda plans: write_plainly(checkpoint, plans)


def _changes(before: Sequence[WrittenVerse], after: Sequence[WrittenVerse]) -> dict[str, Change]:
    changes: dict[str, Any] = {}
    for name, like in LIKES.items():
        first, then = ([like(verse.text) for verse in verses] for verses in (before, after))
        deviation = stdev(first) or 1.0
        differences = [(b - a) / deviation for a, b in zip(first, then, strict=True)]
        changes[name] = Change(
            before=mean(first),
            after=mean(then),
            change=mean(differences),
            error=stdev(differences) / len(differences) ** 0.5,
        )
    return changes

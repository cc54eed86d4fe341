"""What the votes of members teach: a weight for each verse, of which nobody can buy much.

A vote counts against the voter's other votes on the same artist: who down-votes all of one artist
says nothing about which of their verses are good. Nobody, no server and no artist counts for more
than so much, and what is left is balanced within each artist, so that votes tell an artist's better
verses from the worse, and never whether there should be such an artist.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.store import CastVote

_YOUNG = timedelta(days=7)
_OWN = 0.5
_PRIOR = 1.0  # votes of no meaning that everybody is taken to have cast on each artist
_DOUBT = 1.0  # votes of no meaning on each verse
_NEUTRAL = 2.0  # verses of no weight of each artist
_LEAST = 0.02
_DISCORD_EPOCH_MS = 1_420_070_400_000


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that the votes of one voter and one server, and the verses of one artist, count."""

    voter: float = 20.0
    server: float = 400.0
    artist: float = 40.0


@dataclass(frozen=True, slots=True)
class Tally:
    """Weights of verses by number, -1 to 1 and never 0, and what they were made of."""

    weights: dict[int, float]
    num_votes: int
    num_voters: int


@dataclass(frozen=True, slots=True)
class _Ballot:
    """A vote, what it says, and how much of a vote it is."""

    vote: CastVote
    value: float
    share: float = 1.0

    @property
    def size(self) -> float:
        return abs(self.value) * self.share


def tally(votes: Iterable[CastVote], caps: Caps | None = None) -> Tally:
    """One vote of each voter on a verse is expected, as the store keeps them."""
    caps = caps or Caps()
    counted = [vote for vote in votes if not _is_young(vote)]
    ballots = _centred(counted)
    ballots = _capped(ballots, lambda ballot: ballot.vote.user_id, caps.voter)
    ballots = _capped(ballots, lambda ballot: ballot.vote.guild_id, caps.server)
    artists = {vote.verse_id: vote.artist for vote in counted}
    weights = _balanced(_agreed(ballots), artists, caps.artist)
    return Tally(
        {verse: weight for verse, weight in weights.items() if abs(weight) >= _LEAST},
        len(counted),
        len({vote.user_id for vote in counted}),
    )


def _is_young(vote: CastVote) -> bool:
    """Whether the voter's account was made for this: Discord's numbers carry their time."""
    made = datetime.fromtimestamp(((vote.user_id >> 22) + _DISCORD_EPOCH_MS) / 1000, UTC)
    return vote.cast_at - made < _YOUNG


def _centred(votes: Sequence[CastVote]) -> list[_Ballot]:
    """Each vote less the mean of its voter's on that artist, of which no vote is certain."""
    sums: Counter[tuple[int, str]] = Counter()
    counts: Counter[tuple[int, str]] = Counter()
    for vote in votes:
        sums[vote.user_id, vote.artist] += vote.value
        counts[vote.user_id, vote.artist] += 1

    def ballot(vote: CastVote) -> _Ballot:
        key = vote.user_id, vote.artist
        # Who asked for a verse chose its words as well, and sees most of its faults and charms.
        share = _OWN if vote.user_id == vote.requester_id else 1.0
        return _Ballot(vote, vote.value - sums[key] / (counts[key] + _PRIOR), share)

    return [ballot(vote) for vote in votes]


def _capped(
    ballots: Sequence[_Ballot], group_of: Callable[[_Ballot], Hashable], cap: float
) -> list[_Ballot]:
    """All ballots of a group that counts for more than `cap` made smaller alike."""
    sizes: defaultdict[Hashable, float] = defaultdict(float)
    for ballot in ballots:
        sizes[group_of(ballot)] += ballot.size
    return [
        replace(ballot, share=ballot.share * min(1.0, cap / max(sizes[group_of(ballot)], cap)))
        for ballot in ballots
    ]


def _agreed(ballots: Iterable[_Ballot]) -> dict[int, float]:
    """How far a verse's votes agree, nearer to none the fewer there are.

    A vote that says next to nothing does not drown one that does, as a mean over voters would let
    it: else a brigade could not turn the others' votes on an artist, but silence them.
    """
    sums: defaultdict[int, float] = defaultdict(float)
    sizes: defaultdict[int, float] = defaultdict(float)
    for ballot in ballots:
        sums[ballot.vote.verse_id] += ballot.value * ballot.share
        sizes[ballot.vote.verse_id] += ballot.size
    return {verse: total / (sizes[verse] + _DOUBT) for verse, total in sums.items()}


def _balanced(
    weights: Mapping[int, float], artists: Mapping[int, str], cap: float
) -> dict[int, float]:
    """The weights less the mean of their artist's, which together count for `cap` at most."""
    of_artist: defaultdict[str, list[int]] = defaultdict(list)
    for verse in weights:
        of_artist[artists[verse]].append(verse)
    balanced: dict[int, float] = {}
    for verses in of_artist.values():
        mean = sum(weights[verse] for verse in verses) / (len(verses) + _NEUTRAL)
        centred = {verse: max(-1.0, min(1.0, weights[verse] - mean)) for verse in verses}
        size = sum(map(abs, centred.values()))
        balanced |= {verse: weight * cap / max(size, cap) for verse, weight in centred.items()}
    return balanced

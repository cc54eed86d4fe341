"""Votes become weights of which nobody can buy much, and brigades say nothing."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retraining.ballots import Caps, tally
from bot.store import CastVote

NOW = datetime(2026, 5, 1, tzinfo=UTC)
YOUNG = (int(NOW.timestamp() * 1000) - 1_420_070_400_000) << 22  # an account made just now


def vote(
    voter: int, verse: int, value: Literal[1, -1], artist: str = "Mara", guild: int | None = 1
) -> CastVote:
    return CastVote(
        verse_id=verse,
        artist=artist,
        guild_id=guild,
        requester_id=0,
        user_id=voter,
        value=value,
        cast_at=NOW,
    )


@st.composite
def elections(draw: st.DrawFn) -> list[CastVote]:
    """One vote of each voter on a verse; verse n is artist n % 3's."""
    pairs = draw(st.sets(st.tuples(st.integers(1, 8), st.integers(0, 11)), max_size=60))
    return [
        vote(voter, verse, draw(st.sampled_from((1, -1))), str(verse % 3), draw(guilds))
        for voter, verse in sorted(pairs)
    ]


guilds = st.sampled_from((None, 1, 2))


@given(elections(), st.floats(0.5, 10), st.floats(0.5, 10))
def test_no_artist_counts_for_more_than_the_cap_and_no_verse_for_more_than_one(
    votes: list[CastVote], artist_cap: float, voter_cap: float
) -> None:
    result = tally(votes, Caps(voter=voter_cap, artist=artist_cap))
    sizes: defaultdict[int, float] = defaultdict(float)
    for verse, weight in result.weights.items():
        assert 0 < abs(weight) <= 1
        sizes[verse % 3] += abs(weight)
    assert all(size <= artist_cap + 1e-9 for size in sizes.values())


@given(elections())
def test_the_opposite_votes_give_the_opposite_weights_in_any_order(votes: list[CastVote]) -> None:
    opposite = [replace(each, value=1 if each.value == -1 else -1) for each in reversed(votes)]
    weights, mirrored = tally(votes).weights, tally(opposite).weights
    assert {verse: -weight for verse, weight in weights.items()} == pytest.approx(mirrored)


@given(st.integers(1, 60), st.integers(1, 40))
def test_a_brigade_that_votes_one_artist_down_says_nothing_of_their_verses(
    num_accounts: int, num_verses: int
) -> None:
    votes = [vote(100 + n, verse, -1) for n in range(num_accounts) for verse in range(num_verses)]
    weights = tally(votes).weights.values()
    assert sum(map(abs, weights)) < 2


def test_among_ordinary_voters_a_brigade_leaves_the_order_of_verses_as_it_was() -> None:
    honest = [
        vote(voter, verse, 1 if (verse + voter % 2) % 4 < 2 else -1)
        for voter in range(1, 9)
        for verse in range(20)
    ]
    brigade = [vote(100 + n, verse, -1) for n in range(50) for verse in range(20)]
    before, after = tally(honest).weights, tally(honest + brigade).weights
    assert sorted(after, key=lambda verse: (after[verse], verse)) == [
        verse
        for verse in sorted(before, key=lambda verse: (before[verse], verse))
        if verse in after
    ]
    assert abs(sum(after.values())) < 2
    assert sum(map(abs, after.values())) > 0.5 * sum(map(abs, before.values()))


def test_many_votes_of_one_account_count_for_no_more_than_the_cap() -> None:
    busy = [vote(1, verse, 1 if verse % 2 else -1) for verse in range(400)]
    quiet = [vote(2, verse, 1 if verse % 2 else -1) for verse in range(10)]
    caps = Caps(voter=10.0, artist=1000.0)
    of_busy = sum(map(abs, tally(busy, caps).weights.values()))
    assert of_busy <= 10
    assert sum(map(abs, tally(quiet, caps).weights.values())) > 4


def test_many_voters_of_one_server_count_for_no_more_than_its_cap() -> None:
    crowd = [
        vote(voter, verse, 1 if verse % 2 else -1, guild=5)
        for voter in range(1, 40)
        for verse in range(40)
    ]
    sizes = [
        sum(map(abs, tally(crowd, Caps(server=server, artist=1000.0)).weights.values()))
        for server in (20.0, 1e9)
    ]
    assert sizes[0] < sizes[1] / 2


def test_agreement_weighs_more_than_a_single_vote_and_a_quarrel_nothing() -> None:
    votes = [vote(voter, 1, 1) for voter in (1, 2, 3)]
    votes += [vote(4, 2, 1), *(vote(voter, 3, -1) for voter in (5, 6, 7))]
    votes += [vote(8, 4, 1), vote(9, 4, -1)]
    weights = tally(votes).weights
    assert weights[1] > weights[2] > 0 > weights[3]
    assert abs(weights.get(4, 0.0)) < 0.2 * weights[1]


def test_a_vote_on_ones_own_request_counts_for_less() -> None:
    votes = [vote(1, 1, 1), vote(2, 2, -1)]
    own = [replace(votes[0], requester_id=1), votes[1]]
    assert 0 < tally(own).weights[1] < tally(votes).weights[1]


def test_accounts_made_for_the_vote_do_not_count() -> None:
    result = tally([vote(YOUNG, 1, 1), vote(1, 1, -1), vote(2, 2, 1)])
    assert (result.num_votes, result.num_voters) == (2, 2)
    assert result.weights[1] < 0


def test_without_votes_there_is_nothing() -> None:
    assert tally([]).weights == {}

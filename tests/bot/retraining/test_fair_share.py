"""However much one member hands in, they are a bounded part of what a run learns."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retraining.fair_share import Caps, capped, shares
from bot.store import Lyrics
from tests.bot.store.examples import new_lyrics

CAPS = Caps(max_share=0.25, max_lyrics=40)


def lyrics_of(*sizes: tuple[int | None, int]) -> list[Lyrics]:
    """By whom, and how many characters."""
    new = new_lyrics()
    return [
        Lyrics(
            id=number,
            artist=new.artist,
            title=str(number),
            text="x" * size,
            fingerprint=str(number),
            language="en",
            origin="import" if member is None else "submission",
            source="",
            consent_at=new.consent_at,
            submitter_id=member,
            guild_id=7,
            state="approved",
            reviewer_id=99,
            reviewed_at=new.consent_at,
            reason=None,
            findings={},
            created_at=new.consent_at,
        )
        for number, (member, size) in enumerate(sizes, 1)
    ]


def test_of_a_flood_a_quarter_of_the_run_is_learned() -> None:
    flood = [(66, 2_000)] * 40
    honest = [(member, 1_000) for member in range(1, 5) for _ in range(5)]
    everything = lyrics_of(*flood, *honest)
    assert shares(everything)[66] == 0.8
    taken = capped(everything, CAPS)
    assert shares(taken)[66] == pytest.approx(6_000 / 26_000)
    assert [each.id for each in taken if each.submitter_id == 66] == [1, 2, 3]
    assert Counter(each.submitter_id for each in taken) == {66: 3, 1: 5, 2: 5, 3: 5, 4: 5}


def test_a_flood_of_short_ones_is_bounded_by_their_number() -> None:
    taken = capped(lyrics_of(*[(66, 10)] * 100, (1, 5_000)), CAPS)
    assert Counter(each.submitter_id for each in taken) == {66: 40, 1: 1}


def test_who_is_alone_is_not_held_back() -> None:
    alone = lyrics_of(*[(66, 2_000)] * 50)
    assert capped(alone, CAPS) == alone
    assert capped([], CAPS) == []


def test_between_two_members_each_has_at_most_half() -> None:
    taken = capped(lyrics_of(*[(66, 1_000)] * 20, *[(1, 1_000)] * 4), CAPS)
    assert Counter(each.submitter_id for each in taken) == {66: 4, 1: 4}


def test_what_the_operator_imported_is_taken_whole_and_counts_in_the_sum() -> None:
    taken = capped(lyrics_of(*[(None, 1_000)] * 200, *[(66, 1_000)] * 39), CAPS)
    assert len(taken) == 239
    taken = capped(lyrics_of(*[(None, 1_000)] * 10, *[(66, 1_000)] * 39), Caps(0.5, 40))
    assert Counter(each.submitter_id for each in taken) == {None: 10, 66: 10}


def test_nobody_is_left_out_and_the_shortest_is_taken_where_none_fits() -> None:
    long = [(66, 9_000), (66, 8_000)]
    taken = capped(lyrics_of(*long, *[(member, 100) for member in range(1, 9)]), CAPS)
    assert [each.id for each in taken] == [2, *range(3, 11)]


@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(100, 3_000)), min_size=1, max_size=60),
    st.sampled_from([0.1, 0.25, 0.5]),
)
def test_nobody_has_more_than_their_share_but_for_one_of_their_lyrics(
    sizes: list[tuple[int, int]], max_share: float
) -> None:
    everything = lyrics_of(*sizes)
    taken = capped(everything, Caps(max_share, 40))
    members = {each.submitter_id for each in everything}
    assert {each.submitter_id for each in taken} == members
    whole = Counter[int | None]()
    for each in everything:
        whole[each.submitter_id] += len(each.text)
    if len(members) == 1:
        return
    for member in members:
        own = [len(each.text) for each in taken if each.submitter_id == member]
        bound = max(max_share, 1 / len(members)) * whole.total()
        assert sum(own) <= bound + 1 or len(own) == 1

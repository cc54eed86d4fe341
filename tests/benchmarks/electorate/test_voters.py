"""Simulated voters vote for what they like, more often than not, and a brigade for nothing."""

from statistics import mean

from benchmarks.electorate.likes import LIKES, nature, short_lines
from benchmarks.electorate.voters import (
    Electorate,
    WrittenVerse,
    brigade,
    by_chance,
    likes_most,
    vote,
)

VERSES = [
    WrittenVerse(
        artist=f"Poet {number % 2}", seed="Low", text="Low tide" + " at sea" * (number + 1)
    )
    for number in range(40)
]
MEMBERS = Electorate(num_voters=30, num_each=20, seed=0)


def test_what_is_liked_is_a_figure_of_the_verse() -> None:
    assert nature("The river and the moon") == 40
    assert nature("Bread") == nature("") == 0
    assert nature("明月") == 50
    assert short_lines("ab\nabcd") == -3


def test_voters_are_right_about_three_times_of_four() -> None:
    votes = vote(VERSES, MEMBERS, likes_most(VERSES, LIKES["short lines"]))
    assert len(votes) == 30 * 20
    right = mean((each.value == 1) == (each.verse_id < 20) for each in votes)
    assert 0.7 < right < 0.85
    assert votes == vote(VERSES, MEMBERS, likes_most(VERSES, LIKES["short lines"]))


def test_votes_by_chance_say_nothing() -> None:
    votes = vote(VERSES, MEMBERS, by_chance)
    assert abs(mean(each.value for each in votes)) < 0.15


def test_a_brigade_votes_every_verse_of_one_artist_down() -> None:
    votes = brigade(VERSES, "Poet 1", num_accounts=3)
    assert {each.value for each in votes} == {-1}
    assert len(votes) == 3 * 20
    assert {VERSES[each.verse_id].artist for each in votes} == {"Poet 1"}

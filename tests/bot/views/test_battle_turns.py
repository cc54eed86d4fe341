"""What each turn asks of generation: the seed, the rhymes to answer, what was said before."""

from collections import defaultdict

import pytest

from bot.generation import SamplingParameters, VerseRequest
from bot.store import BattlePart
from bot.views.battle_turns import request_of_turn

OPENING = VerseRequest(
    user_id=1, artist="A", seed="slim", lines=4, sampling=SamplingParameters(), rng_seed=9
)


def part(turn: int, num_lines: int = 4) -> BattlePart:
    text = "\n".join(f"{turn}.{line}" for line in range(num_lines))
    return BattlePart(text=text, num_lines=4, num_candidates=8, rng_seed=1, checkpoint="starter")


def rhyming(scheme: str) -> set[tuple[int, ...]]:
    """The lines that stand under one letter."""
    places = defaultdict(list)
    for place, letter in enumerate(scheme):
        places[letter].append(place)
    return {tuple(each) for each in places.values() if len(each) > 1}


def test_they_take_turns_and_each_opens_once_with_the_seed() -> None:
    requests = [request_of_turn(OPENING, ("A", "B"), [part(0)] * turn) for turn in range(4)]
    assert [each.artist for each in requests] == ["A", "B", "A", "B"]
    assert [each.seed for each in requests] == ["slim", "slim", "", ""]
    assert [each.rng_seed for each in requests] == [9, 10, 11, 12]


def test_a_opens_with_couplets_and_b_answers_in_the_same_rhymes() -> None:
    opening = request_of_turn(OPENING, ("A", "B"), [])
    assert opening.context == ""
    assert rhyming(opening.scheme or "") == {(0, 1), (2, 3)}
    answer = request_of_turn(OPENING, ("A", "B"), [part(0)])
    assert answer.context == part(0).text
    assert rhyming(answer.scheme or "") == {(0, 1, 4, 5), (2, 3, 6, 7)}


@pytest.mark.parametrize("turn", [2, 3, 6, 7])
def test_the_last_two_parts_are_the_context_and_only_the_answered_one_has_rhymes(turn: int) -> None:
    parts = [part(number) for number in range(turn)]
    request = request_of_turn(OPENING, ("A", "B"), parts)
    assert request.context == f"{part(turn - 2).text}\n{part(turn - 1).text}"
    answered = {(4, 5, 8, 9), (6, 7, 10, 11)}
    assert rhyming(request.scheme or "") == (answered if turn % 2 else {(8, 9), (10, 11)})
    assert len(request.scheme or "") == 12


def test_a_part_that_was_cut_short_is_answered_as_far_as_it_goes() -> None:
    request = request_of_turn(OPENING, ("A", "B"), [part(0), part(1), part(2, num_lines=3)])
    assert request.context.endswith("2.0\n2.1\n2.2")
    assert len(request.context.splitlines()) == 8
    assert rhyming(request.scheme or "") == {(5, 6, 8, 9), (7, 10, 11)}


def test_where_no_random_number_is_given_each_turn_draws_its_own() -> None:
    opening = VerseRequest(
        user_id=1, artist="A", seed="slim", lines=4, sampling=SamplingParameters()
    )
    assert request_of_turn(opening, ("A", "B"), [part(0)]).rng_seed is None

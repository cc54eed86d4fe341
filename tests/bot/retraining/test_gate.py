"""Only figures decide, and the reason says which."""

import math
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retraining.gate import Decision, judge
from bot.store import voice_of
from tests.bot.retraining.conftest import CANARY, LOOK

bits = st.floats(0.01, 20)
ALLOWED = 0.02


def figures(new: tuple[Any, Any], others: tuple[Any, Any] = (2.0, 2.0)) -> dict[str, Any]:
    return {
        "new_songs": {"live": new[0], "candidate": new[1]},
        "others": {"live": others[0], "candidate": others[1]},
        "canaries": [CANARY],
    }


def artist(
    live: float, candidate: Any, num_characters: int = 2_000, error: Any = 0.01, **more: Any
) -> dict[str, Any]:
    return {
        "live": live,
        "candidate": candidate,
        "num_characters": num_characters,
        "standard_error": error,
        **more,
    }


def judged(**more: Any) -> Decision:
    """Of a run that is better all in all."""
    return judge({**figures((2.9, 2.4)), **more}, ALLOWED)


@given(bits, bits, bits, bits)
def test_promoted_means_better_on_the_new_and_little_lost_on_the_others(
    live: float, candidate: float, others: float, others_after: float
) -> None:
    decision = judge(figures((live, candidate), (others, others_after)), ALLOWED)
    assert decision.is_promoted == (candidate < live and others_after - others <= ALLOWED)
    assert str(decision.reason).endswith(".")


def test_the_reason_of_a_promotion_has_the_figures() -> None:
    assert str(judge(figures((2.91, 2.44), (2.0, 2.004)), ALLOWED).reason) == (
        "The new songs read better (2.91 → 2.44 bits per character)"
        " and the others lost nothing (+0.004)."
    )
    assert "lost little (+0.013)" in str(judge(figures((2.91, 2.44), (2.0, 2.013)), ALLOWED).reason)


def test_the_reason_of_a_rejection_says_which_figure_it_was() -> None:
    worse = judge(figures((2.44, 2.91)), ALLOWED)
    assert not worse.is_promoted
    assert "do not read better (2.44 → 2.91" in str(worse.reason)
    forgetful = judge(figures((2.91, 2.44), (2.0, 2.05)), ALLOWED)
    assert not forgetful.is_promoted
    assert "others lost too much (+0.050, where 0.02 is allowed)" in str(forgetful.reason)


def test_a_small_gain_is_shown_with_enough_digits() -> None:
    assert "2.4412 → 2.4410" in str(judge(figures((2.4412, 2.4410)), ALLOWED).reason)


def test_no_gain_is_no_promotion() -> None:
    assert not judge(figures((2.5, 2.5)), ALLOWED).is_promoted


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, None, "2.4", True, [2.4]])
@pytest.mark.parametrize("name", ["new_songs", "others"])
@pytest.mark.parametrize("side", ["live", "candidate"])
def test_what_is_no_number_rejects(wrong: object, name: str, side: str) -> None:
    measured = figures((2.9, 2.4))
    measured[name][side] = wrong
    decision = judge(measured, ALLOWED)
    assert not decision.is_promoted
    assert "no figure" in str(decision.reason)


@pytest.mark.parametrize("missing", [{}, {"new_songs": None}, {"new_songs": {}}, {"others": 3}])
def test_what_is_missing_rejects(missing: dict[str, Any]) -> None:
    assert not judge(missing, ALLOWED).is_promoted


def test_every_artist_whose_songs_were_learned_must_gain() -> None:
    assert judged(touched={"Mara": artist(2.9, 2.4), "Kit": artist(2.5, 2.49)}).is_promoted
    decision = judged(touched={"Mara": artist(2.9, 2.4), "Kit": artist(2.5, 2.51)})
    assert not decision.is_promoted
    assert "those of Kit do not (2.5000 → 2.5100" in str(decision.reason)


def test_an_artist_of_one_server_is_not_named_to_the_others() -> None:
    voice = voice_of("Secret Choir", 4711)
    figures = {voice: artist(2.5, 2.8)}
    sung = [{**each, "artist": voice} for each in canaries(1, faults=["slur"])]
    for decision in (judged(touched=figures), judged(untouched=figures), judged(canaries=sung)):
        assert "an artist of one server" in str(decision.reason)
        assert "Secret" not in str(decision.reason)


@pytest.mark.parametrize(
    ("num_characters", "error", "is_promoted"),
    [(300, 0.02, True), (300, 0.005, False), (900, 0.02, False), (10, None, True)],
)
def test_of_little_text_a_loss_that_chance_explains_is_none(
    num_characters: int, error: float | None, is_promoted: bool
) -> None:
    touched = {"Kit": artist(2.5, 2.51, num_characters, error)}
    assert judged(touched=touched).is_promoted == is_promoted


def test_nobody_else_may_lose_more_than_is_allowed_beyond_chance() -> None:
    sure = judged(untouched={"Mara": artist(2.0, 2.0), "Kit": artist(2.0, 2.1, error=0.02)})
    assert not sure.is_promoted
    assert "Kit lost too much (+0.100 ± 0.020, where 0.02 is allowed)" in str(sure.reason)
    assert judged(untouched={"Kit": artist(2.0, 2.1, error=0.06)}).is_promoted
    assert judged(untouched={"Kit": artist(2.0, 1.5, error=0.01)}).is_promoted


@given(st.integers(1, 200), st.integers(0, 2**32))
def test_many_artists_do_not_make_an_innocent_candidate_guilty(num: int, seed: int) -> None:
    """Each lost nothing and is measured with an error of the size of what is allowed."""
    chance = random.Random(seed)
    untouched = {
        f"{n}": artist(2.0, 2.0 + max(-3, min(3, chance.gauss())) * ALLOWED, error=ALLOWED)
        for n in range(num)
    }
    assert judged(untouched=untouched).is_promoted


def test_what_no_training_makes_likely_is_no_language() -> None:
    decision = judged(touched={"Mash": artist(6.5, 4.7)})
    assert not decision.is_promoted
    assert "read like no language (4.70 bits" in str(decision.reason)
    assert judged(touched={"夜雨": artist(8.0, 6.5, is_chinese=True)}).is_promoted
    assert judged(touched={"Mash": artist(6.5, 4.7, num_characters=50)}).is_promoted


def test_songs_that_are_all_one_line_are_no_songs() -> None:
    decision = judged(touched={"Loop": artist(2.6, 0.07)})
    assert not decision.is_promoted
    assert "one text over and over (0.07 bits" in str(decision.reason)
    assert judged(touched={"Loop": artist(2.6, 0.07, num_characters=50)}).is_promoted


@pytest.mark.parametrize("wrong", [None, math.nan, math.inf, "2.4"])
def test_an_artist_without_a_figure_has_lost_everything(wrong: object) -> None:
    for name in ("touched", "untouched"):
        assert not judged(**{name: {"Kit": artist(2.0, wrong)}}).is_promoted


def canaries(num: int = 20, is_touched: bool = False, **changes: Any) -> list[dict[str, Any]]:
    """So many; `changes` are of what the candidate's look like."""
    look = {**LOOK, **changes}
    return [{**CANARY, "is_touched": is_touched, "candidate": look} for _ in range(num)]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("slur", "a word that I never say"),
        ("blank", "without words"),
        ("cut", "of one line"),
        ("seed", "does not open with its seed"),
        ("loop", "goes in circles"),
        ("copy", "copies a lyric"),
        ("explicit", "nobody taught that"),
    ],
)
def test_one_canary_with_a_fault_is_enough(fault: str, words: str) -> None:
    decision = judged(canaries=[*canaries(9), *canaries(1, faults=[fault])])
    assert not decision.is_promoted
    assert words in str(decision.reason)
    assert "Roof Fox" in str(decision.reason)


def test_a_fault_that_the_live_one_has_too_is_not_the_candidates_but_for_slurs() -> None:
    def both(fault: str) -> list[dict[str, Any]]:
        look = {**LOOK, "faults": [fault]}
        return [{**CANARY, "live": look, "candidate": look}]

    assert judged(canaries=both("loop")).is_promoted
    assert not judged(canaries=both("slur")).is_promoted


def test_who_was_taught_explicit_words_may_use_them() -> None:
    assert judged(canaries=canaries(is_touched=True, faults=["explicit"])).is_promoted


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("rhyme", "rhyme less (1.00 → 0.60)"),
        ("density", "fewer rhymes inside"),
        ("novel", "repeat more of the lyrics"),
        ("distinct", "repeat themselves more"),
    ],
)
def test_verses_that_are_clearly_worse_reject(measure: str, words: str) -> None:
    worse: dict[str, Any] = {measure: LOOK[measure] - 0.4}  # type: ignore[operator]
    assert judged(canaries=canaries(6, **worse)).is_promoted  # too few to say
    decision = judged(canaries=canaries(**worse))
    assert not decision.is_promoted
    assert words in str(decision.reason)


def test_verses_that_are_worse_by_chance_do_not() -> None:
    better = [{**each, "live": {**LOOK, "rhyme": 0.4}} for each in canaries(9)]
    assert judged(canaries=[*canaries(12, rhyme=0.4), *better]).is_promoted


@pytest.mark.parametrize("wrong", [None, [], {}, [{}], [{"artist": "x"}], [None]])
def test_without_canaries_nothing_is_promoted(wrong: object) -> None:
    assert not judged(canaries=wrong).is_promoted


@pytest.mark.parametrize(
    ("margin", "held_out", "is_promoted"),
    [
        (1.2, 0.4, True),
        (1.2, -0.5, True),  # within what chance explains
        (1.2, -0.7, False),
        (0.0, 0.0, False),
        (None, 0.4, False),
        (1.2, None, False),
    ],
)
def test_where_nothing_but_votes_is_new_they_must_have_taught(
    margin: float | None, held_out: float | None, is_promoted: bool
) -> None:
    of_votes = {"margin": margin, "held_out_margin": held_out, "held_out_error": 0.3}
    votes = {"new_songs": None, "num_songs": 0, "votes": of_votes}
    assert judged(**votes).is_promoted == is_promoted
    assert not judged(**{**votes, "num_songs": 3}).is_promoted

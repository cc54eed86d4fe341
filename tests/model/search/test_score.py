"""What makes one line better than another of the same likelihood."""

from dataclasses import replace

import pytest

from model.craft import Craft, Habits
from model.engine import FinishedSequence
from model.phonetics import pronounce
from model.search.candidate import Candidate, read_candidate
from model.search.score import VerseSoFar, Weights, meets, score
from tests.model.search.helpers import RHYMES, checkpoint_of
from tests.model.search.test_candidate import STATE

NOTHING = Weights(*[0.0] * len(Weights.__dataclass_fields__))
SO_FAR = VerseSoFar.of(["I count the masts by candle light", "And every gull is grey"])
(LIGHT,) = pronounce("light")


def line(text: str, log_probability: float = 0.0) -> Candidate:
    """Every token of which is as likely."""
    tokenizer = checkpoint_of("bpe").tokenizer
    tokens = tuple(tokenizer.encode(f"{text}\n"))
    said = (log_probability,) * len(tokens)
    made = read_candidate(
        tokenizer, "", FinishedSequence(0, tokens, "lines", log_probabilities=said, state=STATE)
    )
    assert made is not None
    return made


def worth(
    text: str, craft: Craft | None = None, habits: Habits | None = None, **some: float
) -> float:
    """By some weights alone; of a line whose likelihood costs nothing."""
    return score(
        line(text),
        SO_FAR,
        LIGHT,
        craft.lexicon if craft else None,
        habits or Habits(),
        replace(NOTHING, **some),
    )


def test_the_likelier_line_is_better() -> None:
    values = [
        score(line("by day", said), SO_FAR, None, None, Habits(), Weights())
        for said in (-9.0, -20.0)
    ]
    assert values[0] > values[1]


@pytest.mark.parametrize(("text", "is_end"), [("by day.", True), ("by day,", False)])
def test_the_last_line_had_better_end_a_sentence(text: str, is_end: bool) -> None:
    judged = (line(text), SO_FAR, None, None, Habits(), replace(NOTHING, close=0.5))
    assert score(*judged, is_last=True) == score(*judged) + 0.5 * is_end


@pytest.mark.parametrize("text", ["“by day!”", "by day?'", "(by day.)", "明月。", "明月！」"])
def test_a_sentence_may_end_within_quotes_and_in_chinese(text: str) -> None:
    judged = (line(text), SO_FAR, None, None, Habits(), replace(NOTHING, close=0.5))
    assert score(*judged, is_last=True) > score(*judged)


def test_a_perfect_rhyme_is_better_than_a_near_one_and_that_than_none() -> None:
    perfect, near, none = (
        worth(text, end_rhyme=1.0) for text in ("in the night", "in the satellite", "in the day")
    )
    assert perfect >= near > none
    assert [meets(line(text), LIGHT) for text in ("the night", "the day", "the light", "7")] == [
        True,
        False,
        False,
        False,
    ]
    assert meets(line("the day"), None)


def test_a_line_that_others_must_rhyme_with_had_better_end_on_a_word_that_has_rhymes() -> None:
    assert worth("tonight", RHYMES, openness=1.0) > worth("orange", RHYMES, openness=1.0)
    assert worth("tonight", openness=1.0) == worth("orange", openness=1.0)


def test_a_line_had_better_be_as_long_as_the_artists() -> None:
    habits = Habits(syllables=6.0, spread=1.0)
    short, right, long = (
        worth(" ".join(["day"] * number), habits=habits, length=1.0) for number in (3, 6, 8)
    )
    assert right > long > short


def test_what_was_said_before_is_worth_less() -> None:
    again, half, new = (
        worth(text, repetition=1.0)
        for text in ("I count the masts", "I count the gulls", "we saw the gulls")
    )
    assert new > half > again


def test_a_verse_so_far_never_changes() -> None:
    before = (SO_FAR.ends, SO_FAR.end_words, SO_FAR.said)
    longer = SO_FAR.with_line(line("through the night"))
    assert (SO_FAR.ends, SO_FAR.end_words, SO_FAR.said) == before
    assert longer.end_words == {"light", "grey", "night"}
    assert len(longer.ends) == 3
    assert longer == VerseSoFar.of(
        ["I count the masts by candle light", "And every gull is grey", "through the night"]
    )

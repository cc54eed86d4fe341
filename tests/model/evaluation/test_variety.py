"""Length of lines, and repetition, on cases counted by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.evaluation.variety import distinct_n, self_repetition, syllables_per_line


@pytest.mark.parametrize(
    ("text", "mean", "spread"),
    [
        ("The harbour lights are low tonight\nAnd every gull is grey", 7, 1),
        ("one two three\n\n42 🔥\none", 2, 1),
        ("床前明月光\n疑是地上霜", 5, 0),
        ("", 0, 0),
    ],
)
def test_syllables_of_lines(text: str, mean: float, spread: float) -> None:
    assert syllables_per_line(text) == pytest.approx((mean, spread))


def test_distinct_n_counts_over_all_texts() -> None:
    texts = ["a b a b", "A b!"]
    assert distinct_n(texts, 1) == pytest.approx(2 / 6)
    assert distinct_n(texts, 2) == pytest.approx(2 / 4)  # ab ba ab | ab
    assert distinct_n(texts, 5) == 0
    assert distinct_n(["明月明月"], 2) == pytest.approx(2 / 3)


def test_self_repetition_counts_within_one_text() -> None:
    assert self_repetition("a b c d\na b c d") == pytest.approx(1 / 5)  # abcd bcda cdab dabc abcd
    assert self_repetition("la la la la la la") == pytest.approx(2 / 3)
    assert self_repetition("a b c d e f") == 0
    assert self_repetition("a b c") == self_repetition("") == 0


@settings(deadline=None)
@given(st.text(), st.integers(1, 4))
def test_any_text_has_figures(text: str, n: int) -> None:
    assert 0 <= distinct_n([text], n) <= 1
    assert 0 <= self_repetition(text, n) <= 1
    assert syllables_per_line(text).mean >= 0

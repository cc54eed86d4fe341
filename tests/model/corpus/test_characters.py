"""Characters: plain line ends and spaces, composed accents, nothing unseen, in linear time."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.corpus.characters import MAX_STACKED_MARKS, clean_name, normalise_characters


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n", "\x0b", "\x0c", "\x85", "\u2028"])
def test_every_line_end_becomes_one_newline(end: str) -> None:
    assert normalise_characters(f"lamp{end}road") == "lamp\nroad"


def test_an_old_macintosh_stanza_break_stays_a_stanza_break() -> None:
    assert normalise_characters("lamp\r\rroad") == "lamp\n\nroad"


@pytest.mark.parametrize(
    "unseen",
    [
        *("\ufeff", "\u200b", "\u200d", "\u202e", "\u2066", "\u061c", "\u3164", "\ue000", "\ud800"),
        *("\x00", "\x1b", "\x7f", "\xad", "\uffff", "\U000e0041"),
    ],
)
def test_unseen_characters_go(unseen: str) -> None:
    assert normalise_characters(f"la{unseen}mp") == "lamp"


def test_accents_are_composed() -> None:
    assert normalise_characters("cafe\u0301") == "caf\xe9"


def test_spaces_of_any_width_become_one_space() -> None:
    assert normalise_characters("night\u00a0\u2003\t  bus") == "night bus"


def test_the_ideographic_space_between_half_lines_stays() -> None:
    assert normalise_characters("夜半灯初上　江心月未斜") == "夜半灯初上　江心月未斜"


def test_stacked_accents_are_thinned() -> None:
    thinned = normalise_characters("o" + "\u0316\u0301" * 40 + "k")

    num_marks = sum(
        unicodedata.combining(mark) > 0 for mark in unicodedata.normalize("NFD", thinned)
    )
    assert num_marks == MAX_STACKED_MARKS
    assert thinned.endswith("k")


@pytest.mark.parametrize("piece", ["\u0316\u0301", "\r", "\u3000 ", "\u0344", "\U0001f468\u0301"])
def test_hostile_text_takes_linear_time(piece: str) -> None:
    start = time.perf_counter()
    normalise_characters("a" + piece * 200_000)

    # Sorting the marks of such a text in n² steps takes minutes.
    assert time.perf_counter() - start < 10


@given(st.text(st.characters()))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise_characters(text)

    assert normalise_characters(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(
    st.text(st.sampled_from("e\u0301\u0316\u0344\u0958\ufb2a\U0001f468\r\n \u3000"), min_size=30)
)
def test_normalising_twice_changes_nothing_more_in_runs_of_marks(text: str) -> None:
    once = normalise_characters(text)

    assert normalise_characters(once) == once


def test_a_name_is_one_line_without_outer_spaces() -> None:
    assert clean_name("  Ada\n\u202eQuill\u3000\x07& Co ") == "Ada Quill & Co"

"""Any text goes to ids and back, line ends stand alone, and no text can forge a mark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.corpus.tokenizer import Tokenizer
from model.errors import CheckpointError
from tests.factories import songs

TOKENIZER = Tokenizer.train((song.text for song in songs()), 400)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(text: str) -> None:
    assert TOKENIZER.decode(TOKENIZER.encode(text)) == text


@given(st.text(alphabet="ab \n'雨é"))
def test_every_line_end_is_a_token_of_its_own(text: str) -> None:
    assert TOKENIZER.encode(text).count(TOKENIZER.newline_id) == text.count("\n")


def test_text_that_spells_a_mark_does_not_become_one() -> None:
    ids = TOKENIZER.encode("<|end|> and <|song|>")
    assert TOKENIZER.eos_id not in ids
    assert TOKENIZER.bos_id not in ids


def test_marks_vanish_when_decoded() -> None:
    ids = [TOKENIZER.bos_id, *TOKENIZER.encode("gull"), TOKENIZER.eos_id]
    assert TOKENIZER.decode(ids) == "gull"


def test_a_saved_tokenizer_is_the_same() -> None:
    again = Tokenizer.from_json(TOKENIZER.to_json())
    assert again.encode("The harbour 雨") == TOKENIZER.encode("The harbour 雨")
    assert again.vocab_size == TOKENIZER.vocab_size


def test_known_words_take_fewer_tokens_than_bytes() -> None:
    assert len(TOKENIZER.encode("The harbour")) < len("The harbour")


@pytest.mark.parametrize(
    ("text", "continues"),
    [("harbour", True), (" gull", False), ("\n", False), (",", False), ("'", True), ("s", True)],
)
def test_only_letters_digits_and_apostrophes_continue_a_word(text: str, continues: bool) -> None:
    first = TOKENIZER.encode(text)[0]
    assert bool(TOKENIZER.continues_word[first]) is continues


def test_half_a_character_counts_as_continuing() -> None:
    assert TOKENIZER.continues_word[TOKENIZER.encode("雪")[0]]


def test_tokens_in_which_nothing_can_be_seen_are_blank() -> None:
    blank = TOKENIZER.blank_ids
    unseen = [TOKENIZER.bos_id, TOKENIZER.newline_id, TOKENIZER.encode("雪")[0]]
    assert all(
        token in blank for token in [*unseen, *TOKENIZER.encode(" "), *TOKENIZER.encode("\x07")]
    )
    assert not any(token in blank for token in TOKENIZER.encode("The harbour,"))


def test_a_foreign_tokenizer_is_refused() -> None:
    with pytest.raises(CheckpointError, match="song"):
        Tokenizer.from_json(TOKENIZER.to_json().replace("<|song|>", "<|else|>"))

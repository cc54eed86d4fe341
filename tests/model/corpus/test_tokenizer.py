"""Any text goes to ids and back, line ends stand alone, and no text can forge a mark."""

import math
from functools import cache
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from model.config import UNITS
from model.corpus.dataset import encode_song
from model.corpus.song import Song
from model.corpus.tokenizer import Tokenizer
from model.errors import CheckpointError, ConfigError, CorpusError
from tests.factories import songs

TEXTS = [song.text for song in songs()]
TOKENIZER = Tokenizer.train(TEXTS, 400)
STARTER = Path(__file__).parents[3] / "checkpoints/starter/tokenizer.json"

STARTER_TEXT = "The harbour lights 雨落在旧城\n<|song|> don’t 😀"

any_text = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
lyrics = st.text(alphabet="ab Z\n'’，雨落é😀7-ありไม่<|>\t\r")
every_unit = pytest.mark.parametrize("unit", UNITS)
symbol_units = pytest.mark.parametrize("unit", ["character", "word"])


@cache
def trained(unit: str, vocab_size: int = 400) -> Tokenizer:
    return Tokenizer.train(TEXTS, vocab_size, unit)


@given(any_text)
def test_any_text_comes_back_from_bytes(text: str) -> None:
    assert TOKENIZER.decode(TOKENIZER.encode(text)) == text


@every_unit
@given(text=lyrics.filter(bool))
def test_text_that_was_learnt_comes_back(unit: str, text: str) -> None:
    tokenizer = Tokenizer.train([text], 400, unit)
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert tokenizer.num_unknown_characters(text) == 0


@every_unit
@given(text=lyrics)
def test_every_line_end_is_a_token_of_its_own(unit: str, text: str) -> None:
    tokenizer = trained(unit)
    assert tokenizer.encode(text).count(tokenizer.newline_id) == text.count("\n")


@symbol_units
def test_a_line_end_is_known_though_no_text_had_one(unit: str) -> None:
    tokenizer = Tokenizer.train(["a b c a b a"], 5, unit)
    assert tokenizer.encode("\n") == [tokenizer.newline_id]
    assert tokenizer.vocab_size == 5


@every_unit
def test_text_that_spells_a_mark_does_not_become_one(unit: str) -> None:
    text = "<|end|> and <|song|>\n<|unk|>"
    tokenizer = Tokenizer.train([text], 400, unit)
    marks = {tokenizer.bos_id, tokenizer.eos_id, tokenizer.unk_id}
    assert not marks & set(tokenizer.encode(text))
    assert tokenizer.decode(tokenizer.encode(text)) == text


@every_unit
def test_marks_vanish_when_decoded(unit: str) -> None:
    tokenizer = trained(unit)
    ids = [tokenizer.bos_id, *tokenizer.encode("gull"), tokenizer.eos_id]
    assert tokenizer.decode(ids) == tokenizer.decode(tokenizer.encode("gull"))


def test_a_word_keeps_the_space_before_it_and_chinese_is_cut_by_character() -> None:
    tokenizer = trained("word")
    ids = tokenizer.encode("And every gull\n雨落在")
    parts = [tokenizer.decode([token_id]) for token_id in ids]
    assert parts == ["And", " every", " gull", "\n", "雨", "落", "在"]


def test_characters_are_their_own_tokens() -> None:
    tokenizer = Tokenizer.train(["雨 é😀\r\n"], 400, "character")
    assert [tokenizer.decode([i]) for i in tokenizer.encode("雨 é😀\r\n")] == list("雨 é😀\r\n")


@symbol_units
def test_the_most_frequent_stay_and_the_rest_are_unknown(unit: str) -> None:
    tokenizer = Tokenizer.train(["c c c b b b b a"], 7, unit)
    assert tokenizer.vocab_size == 7
    assert tokenizer.unk_id not in tokenizer.encode("b c")[1:]
    assert tokenizer.encode("a")[0] == tokenizer.unk_id
    assert tokenizer.decode(tokenizer.encode("a")) == "\ufffd"


@pytest.mark.parametrize(
    ("unit", "num_unknown"),
    [("character", len("zzz😀雪")), ("word", len(" zzz😀雪")), ("bpe", 0)],
)
def test_characters_in_unknown_tokens_are_counted(unit: str, num_unknown: int) -> None:
    text = "abcdefghi jk \n"
    tokenizer = Tokenizer.train([text], 400, unit)
    assert tokenizer.num_unknown_characters(f"{text} zzz😀雪") == num_unknown


@symbol_units
@given(text=lyrics)
def test_what_is_not_hidden_is_in_the_decoded_text(unit: str, text: str) -> None:
    tokenizer = trained(unit, 40)
    ids = tokenizer.encode(text)
    num_hidden = tokenizer.num_unknown_characters(text)
    num_unknown_tokens = ids.count(tokenizer.unk_id) if tokenizer.unk_id is not None else 0
    assert len(text) == len(tokenizer.decode(ids)) - num_unknown_tokens + num_hidden


@symbol_units
def test_the_alphabet_is_that_of_the_training_text(unit: str) -> None:
    tokenizer = Tokenizer.train(["abc abd\n", "雨"], 5, unit)
    assert tokenizer.alphabet_size == len(set("abc abd\n雨"))


def test_a_song_says_what_its_unknown_characters_cost() -> None:
    tokenizer = Tokenizer.train(["aaab bbba\n"], 400, "word")
    song = encode_song(Song("A", "T", "aaab cc\nbbba", "en"), 2, tokenizer)
    assert song.num_unknown == len(" cc") + len("bbba")  # only " bbba" was learnt
    assert song.spelling_nats == pytest.approx(7 * math.log(4))
    assert song.num_characters == len("aaab cc\nbbba")


@every_unit
def test_a_saved_tokenizer_is_the_same(unit: str) -> None:
    tokenizer = trained(unit, 300)
    again = Tokenizer.from_json(tokenizer.to_json())
    text = "The harbour 雨 <|end|> qualm\n"
    assert again.encode(text) == tokenizer.encode(text)
    assert again.decode(again.encode(text)) == tokenizer.decode(tokenizer.encode(text))
    assert (again.unit, again.alphabet_size) == (unit, tokenizer.alphabet_size)
    assert (again.vocab_size, again.unk_id) == (tokenizer.vocab_size, tokenizer.unk_id)
    assert again.to_json() == tokenizer.to_json()


def test_a_bpe_tokenizer_is_kept_as_its_library_keeps_it_without_a_unit() -> None:
    saved = STARTER.read_text(encoding="utf-8")
    starter = Tokenizer.from_json(saved)
    assert (starter.unit, starter.unk_id, starter.vocab_size) == ("bpe", None, 4096)
    assert starter.decode(starter.encode(STARTER_TEXT)) == STARTER_TEXT
    assert starter.to_json() == saved


@every_unit
def test_start_and_unknown_are_never_written(unit: str) -> None:
    tokenizer = trained(unit)
    expected = {tokenizer.bos_id} | ({tokenizer.unk_id} - {None})
    assert set(tokenizer.never_ids) == expected
    assert tokenizer.eos_id not in tokenizer.never_ids


def test_known_words_take_fewer_tokens_than_bytes() -> None:
    assert len(TOKENIZER.encode("The harbour")) < len("The harbour")


@pytest.mark.parametrize(
    ("unit", "text", "continues"),
    [
        ("bpe", "harbour", True),
        ("bpe", " gull", False),
        ("bpe", "\n", False),
        ("bpe", ",", False),
        ("bpe", "'", True),
        ("bpe", "s", True),
        ("character", "s", True),
        ("character", "雨", True),
        ("character", " ", False),
        ("character", "\n", False),
        ("character", ",", False),
        ("word", "And", True),
        ("word", " gull", False),
        ("word", "\n", False),
        ("word", ",", False),
    ],
)
def test_only_letters_digits_and_apostrophes_continue_a_word(
    unit: str, text: str, continues: bool
) -> None:
    tokenizer = trained(unit)
    first = tokenizer.encode(text)[0]
    assert first != tokenizer.unk_id
    assert bool(tokenizer.continues_word[first]) is continues


def test_an_accent_of_its_own_continues_a_word() -> None:
    tokenizer = Tokenizer.train(["e\u0301"], 400, "character")
    assert tokenizer.continues_word[tokenizer.encode("\u0301")[0]]


def test_half_a_character_counts_as_continuing() -> None:
    assert TOKENIZER.continues_word[TOKENIZER.encode("雪")[0]]


def test_tokens_in_which_nothing_can_be_seen_are_blank() -> None:
    blank = TOKENIZER.blank_ids
    unseen = [TOKENIZER.bos_id, TOKENIZER.newline_id, TOKENIZER.encode("雪")[0]]
    assert all(
        token in blank for token in [*unseen, *TOKENIZER.encode(" "), *TOKENIZER.encode("\x07")]
    )
    assert not any(token in blank for token in TOKENIZER.encode("The harbour,"))


@symbol_units
def test_marks_unknowns_and_space_are_blank(unit: str) -> None:
    tokenizer = Tokenizer.train(["a  b\n"], 400, unit)
    space = tokenizer.encode("  ")[0]
    marks = {tokenizer.bos_id, tokenizer.eos_id, tokenizer.unk_id, tokenizer.newline_id}
    assert set(tokenizer.blank_ids) == marks | {space}


@every_unit
def test_masks_cover_the_vocabulary(unit: str) -> None:
    tokenizer = trained(unit)
    assert tokenizer.continues_word.shape == (tokenizer.vocab_size,)
    assert tokenizer.continues_word.dtype == torch.bool


@every_unit
def test_without_text_there_is_no_vocabulary(unit: str) -> None:
    with pytest.raises(CorpusError, match="add songs"):
        Tokenizer.train(["", ""], 400, unit)


@pytest.mark.parametrize(("unit", "smallest"), [("character", 5), ("word", 5), ("bpe", 258)])
def test_a_vocabulary_too_small_for_the_unit_is_refused(unit: str, smallest: int) -> None:
    assert Tokenizer.train(TEXTS, smallest, unit).vocab_size == smallest
    with pytest.raises(ConfigError, match=f"allow {smallest} or more"):
        Tokenizer.train(TEXTS, smallest - 1, unit)


def test_an_unknown_unit_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ConfigError, match="character, word or bpe"):
        trained("syllable")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"unit": "word"}', '{"unit": "syllable"}'])
def test_what_is_no_tokenizer_is_refused(text: str) -> None:
    with pytest.raises(CheckpointError, match="Cypher trained"):
        Tokenizer.from_json(text)


@every_unit
def test_a_foreign_tokenizer_is_refused(unit: str) -> None:
    saved = trained(unit).to_json()
    with pytest.raises(CheckpointError, match="song"):
        Tokenizer.from_json(saved.replace("<|song|>", "<|else|>"))


def test_a_tokenizer_without_its_unit_is_refused() -> None:
    saved = trained("word").to_json().replace('"unit": "word", ', "")
    with pytest.raises(CheckpointError, match="Cypher trained"):
        Tokenizer.from_json(saved)

"""The seed opens the verse exactly as typed, and only whole lines leave."""

import dataclasses

import pytest
import torch

from model.config import UNITS
from model.corpus.tokenizer import Tokenizer
from model.network.lyric_model import LyricModel
from model.sampling import STRATEGIES, SamplingParameters
from model.verse import build_engine, build_request, default_sampling, read_verse
from tests.factories import songs, tiny_checkpoint

TOKENIZER = tiny_checkpoint().tokenizer


def _request(seed: str, context: str = "") -> list[int]:
    request = build_request(
        TOKENIZER,
        seed=seed,
        artist=0,
        lines=8,
        sampling=SamplingParameters(),
        rng_seed=1,
        context=context,
    )
    return list(request.prompt)


@pytest.mark.parametrize(
    "seed", ["slim", "**bold**", "雨", "قمر", "🎤🎤", "'; DROP TABLE verses;--"]
)
def test_the_verse_opens_with_the_seed_as_typed(seed: str) -> None:
    verse = read_verse(TOKENIZER, seed, TOKENIZER.encode(" and more\nsecond line\n"))
    assert verse == f"{seed} and more\nsecond line"


def test_a_cut_last_line_is_left_out() -> None:
    assert read_verse(TOKENIZER, "one", TOKENIZER.encode(" line\nand a ha")) == "one line"


def test_a_verse_cut_in_its_first_line_keeps_it() -> None:
    assert read_verse(TOKENIZER, "one", TOKENIZER.encode(" line and a ha")) == "one line and a ha"


def test_broken_bytes_are_left_out() -> None:
    half = TOKENIZER.encode("雪")[:1]
    assert read_verse(TOKENIZER, "snow", [*half, *TOKENIZER.encode("\n")]) == "snow"


def test_a_stanza_break_stays_and_trailing_ones_go() -> None:
    tokens = TOKENIZER.encode(" a\n\nb\n\n")
    assert read_verse(TOKENIZER, "x", tokens) == "x a\n\nb"


def test_the_prompt_starts_a_song_and_holds_context_and_seed() -> None:
    prompt = _request("slim", context="a line before\n\n")
    assert prompt[0] == TOKENIZER.bos_id
    assert TOKENIZER.decode(prompt) == "a line before\nslim"


@pytest.mark.parametrize(("seed", "is_masked"), [("slim", True), ("slim,", False), ("明月", False)])
def test_only_a_word_of_letters_may_not_be_lengthened(seed: str, is_masked: bool) -> None:
    request = build_request(
        TOKENIZER, seed=seed, artist=0, lines=2, sampling=SamplingParameters(), rng_seed=1
    )
    assert (request.forbid_first is not None) is is_masked


@pytest.mark.parametrize(("unit", "tokens_a_line"), [("character", 160), ("word", 40), ("bpe", 40)])
def test_a_line_may_be_as_long_in_characters_as_in_words(unit: str, tokens_a_line: int) -> None:
    tokenizer = Tokenizer.train([song.text for song in songs()], 400, unit)
    request = build_request(
        tokenizer, seed="", artist=0, lines=3, sampling=SamplingParameters(), rng_seed=1
    )
    assert request.max_tokens == 3 * tokens_a_line


@pytest.mark.parametrize(("unit", "penalty"), [("character", 1.0), ("word", 1.2), ("bpe", 1.2)])
def test_characters_are_not_penalised_unless_told(unit: str, penalty: float) -> None:
    tokenizer = Tokenizer.train([song.text for song in songs()], 400, unit)
    assert default_sampling(tokenizer).repetition_penalty == penalty


@pytest.mark.parametrize("unit", UNITS)
def test_neither_marks_nor_unknowns_are_ever_written(unit: str) -> None:
    """They are the likeliest tokens by far."""
    plain = tiny_checkpoint()
    tokenizer = Tokenizer.train([song.text for song in songs()], 400, unit)
    config = dataclasses.replace(plain.model.config, vocab_size=tokenizer.vocab_size)
    checkpoint = dataclasses.replace(plain, model=LyricModel(config).eval(), tokenizer=tokenizer)
    never = {*tokenizer.never_ids, tokenizer.eos_id}
    with torch.no_grad():
        checkpoint.model.output_bias[list(never)] += 20
    engine = build_engine(checkpoint, num_slots=4)
    for name, sampling in STRATEGIES.items():
        engine.add(
            build_request(
                tokenizer, seed="ж", artist=1, lines=3, sampling=sampling, rng_seed=len(name)
            )
        )
    while engine.has_work:
        for finished in engine.step():
            assert not never & set(finished.tokens)

"""The seed opens the verse exactly as typed, and only whole lines leave."""

import pytest

from model.sampling import SamplingParameters
from model.verse import build_request, read_verse
from tests.factories import tiny_checkpoint

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

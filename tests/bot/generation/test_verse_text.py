"""What a finished verse looks like."""

from hypothesis import given
from hypothesis import strategies as st

from bot.generation.verse_text import finish_verse, last_lines, visible

words = st.text(st.sampled_from("ab é雨\ufffd\x07\t"), max_size=6)
bodies = st.lists(words, max_size=12).map("\n".join)
seeds = st.text(st.sampled_from("ab é雨\ufffd "), max_size=5)


@given(seeds, bodies, st.integers(1, 6))
def test_a_verse_opens_with_the_seed_as_typed(seed: str, body: str, num_lines: int) -> None:
    assert finish_verse(seed.rstrip() + body, seed, num_lines).startswith(seed)


@given(seeds, bodies, st.integers(1, 6))
def test_a_verse_has_as_many_lines_as_asked_for_where_there_are_so_many(
    seed: str, body: str, num_lines: int
) -> None:
    verse = finish_verse(seed.rstrip() + body, seed, num_lines)
    available = (seed + visible(body)).split("\n")
    num_available = sum(bool(line.strip()) for line in available)
    assert sum(bool(line.strip()) for line in verse.split("\n")) == min(num_lines, num_available)


@given(bodies, st.integers(1, 6))
def test_a_verse_holds_no_broken_bytes_nor_controls_nor_loose_ends(
    body: str, num_lines: int
) -> None:
    verse = finish_verse(body, "", num_lines)
    assert not {"\ufffd", "\x07", "\t"} & set(verse)
    assert "\n\n\n" not in verse
    assert verse == verse.strip("\n")
    assert all(line == line.strip() for line in verse.split("\n"))


def test_stanzas_stay_apart() -> None:
    assert finish_verse("one\n\ntwo\nthree\n", "one", 3) == "one\n\ntwo\nthree"


def test_a_seed_that_ends_in_a_space_gets_one_space() -> None:
    assert finish_verse("slim pickings\nnow", "slim ", 2) == "slim pickings\nnow"


def test_the_end_of_a_text_is_its_last_lines() -> None:
    assert last_lines("\none\ntwo\n\nthree\n", 3) == "two\n\nthree"
    assert last_lines("", 3) == ""

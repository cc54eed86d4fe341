"""Finding artists as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UnknownArtist
from bot.generation.artists import ArtistIndex

NAMES = (
    "Mara Quill",
    "Roof Fox",
    "Zoë Ångström",
    "M.C. O’Brine",
    "Bell & Anchor",
    "Søren Kæld",
    "夜雨",
    "夜行人",
    "$$$",
)
INDEX = ArtistIndex(NAMES)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mara quill", "Mara Quill"),
        ("  MARA   QUILL ", "Mara Quill"),
        ("Mara-Quill", "Mara Quill"),
        ("zoe angstrom", "Zoë Ångström"),
        ("Zoe\u0308 A\u030angstro\u0308m", "Zoë Ångström"),
        ("mc o'brine", "M.C. O’Brine"),
        ("bell and anchor", "Bell & Anchor"),
        ("soren kaeld", "Søren Kæld"),
        ("夜雨", "夜雨"),
        ("$$$", "$$$"),
    ],
)
def test_an_artist_is_found_in_any_spelling_of_the_same_letters(typed: str, meant: str) -> None:
    assert INDEX.resolve(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Mara Quil", "Mara Quill"),
        ("rof fox", "Roof Fox"),
        ("Angstorm", "Zoë Ångström"),
        ("夜語", "夜雨"),
    ],
)
def test_an_unknown_name_comes_with_the_nearest(typed: str, meant: str) -> None:
    with pytest.raises(UnknownArtist) as unknown:
        INDEX.resolve(typed)
    assert unknown.value.name == typed
    assert unknown.value.nearest[0] == meant


def test_a_name_like_no_other_has_no_nearest() -> None:
    with pytest.raises(UnknownArtist) as unknown:
        INDEX.resolve("Xzvbn")
    assert unknown.value.nearest == ()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("mar", "Mara Quill"),
        ("QUI", "Mara Quill"),
        ("fox roof", "Roof Fox"),
        ("ngstr", "Zoë Ångström"),
        ("anchr", "Bell & Anchor"),
        ("夜行", "夜行人"),
        ("行", "夜行人"),
    ],
)
def test_a_search_offers_beginnings_then_words_then_parts_then_slips(
    typed: str, first: str
) -> None:
    assert INDEX.search(typed)[0] == first


def test_a_search_for_nothing_lists_everybody_in_order_up_to_the_limit() -> None:
    assert INDEX.search("", limit=4) == list(NAMES[:4])


def test_more_than_25_artists_can_be_reached_by_typing() -> None:
    names = tuple(f"Singer {number:03}" for number in range(200))
    index = ArtistIndex(names)
    assert len(index.search("singer")) == 25
    assert index.search("singer 187")[0] == "Singer 187"


@given(
    st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=20, unique=True),
    st.text(max_size=8),
)
def test_searching_never_fails_and_stays_within_names_and_limit(
    names: list[str], typed: str
) -> None:
    index = ArtistIndex(tuple(names))
    found = index.search(typed, limit=5)
    assert len(found) == len(set(found)) <= 5
    assert set(found) <= set(names)
    assert all(index.resolve(name) == name for name in names)

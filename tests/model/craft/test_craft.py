"""What songs teach of their artists' craft, worked out by hand, and that it is kept."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.corpus.song import Song
from model.craft import BALLAD, Craft, Habits
from model.craft.lexicon import MAX_WORDS
from model.evaluation.scheme import FREE
from tests.factories import songs

COUPLETS = """The harbour lights are low tonight
I count the masts by candle light
The water turns from blue to grey
And carries all of it away"""
ALTERNATING = """The harbour lights are low tonight
The water turns from blue to grey
I count the masts by candle light
And carries all of it away"""
BALLAD_TEXT = """The harbour lights are low
The water turns from blue to grey
I count the masts by hand
And carries all of it away"""
ENCLOSED = """The harbour lights are low tonight
The water turns from blue to grey
And carries all of it away
I count the masts by candle light"""
ONE_RHYME = """The harbour lights are low tonight
I count the masts by candle light
The water has no end in sight
And every gull is out of sight tonight in white"""
UNRHYMED = """The harbour lights are low
I count the masts by hand
The water turns to glass
And nobody is home"""
CHINESE = """雨落在旧城的屋檐
我在灯下写你的名
风把昨天吹得很远
只剩一句没有说清"""


def of(text: str, artist: str = "Mara Quill", num: int = 1) -> list[Song]:
    return [Song(artist, f"Song {n}", text, "en") for n in range(num)]


def learned(text: str, num: int = 1) -> Habits:
    return Craft().with_songs(of(text, num=num)).habits_of("Mara Quill")


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        (COUPLETS, "AABB"),
        (ALTERNATING, "ABAB"),
        (ENCLOSED, "ABBA"),
        (ONE_RHYME, "AAAA"),
        (BALLAD_TEXT, BALLAD),
        (UNRHYMED, FREE),
        (CHINESE, "ABAB"),
        (f"{COUPLETS}\n\n{COUPLETS}", "AABB"),
        ("One line only", FREE),
        ("Привет\nмир\nПривет\nмир", FREE),  # whose sounds are not known
    ],
)
def test_the_scheme_is_the_one_that_the_songs_keep(text: str, scheme: str) -> None:
    assert learned(text).scheme == scheme


def test_an_artist_of_whom_few_songs_rhyme_writes_free_verse() -> None:
    both = [*of(COUPLETS), *of(UNRHYMED, num=4)]
    assert Craft().with_songs(both).habits_of("Mara Quill").scheme == FREE
    both += of(COUPLETS, num=4)
    assert Craft().with_songs(both).habits_of("Mara Quill").scheme == "AABB"


def test_syllables_are_counted_line_by_line() -> None:
    habits = learned("The rope is wet\nThe plank is worn and the tide is out\n\nsalt")
    assert (habits.syllables, habits.spread) == (4.67, 3.3)  # of 4, 9 and 1
    even = learned("The rope is wet\nThe plank is worn")
    assert (even.syllables, even.spread) == (4.0, 0.5)
    assert learned("雨落在旧城\n风把昨天吹").syllables == 5.0


@pytest.mark.parametrize("text", ["", "\n\n", "7\n12\n…"])
def test_songs_without_a_word_teach_nothing(text: str) -> None:
    habits = learned(text)
    assert (habits.scheme, habits.syllables, habits.spread) == (FREE, 9.0, 2.0)
    assert Craft().with_songs(of(text)).line_ends == ()


def test_lines_end_on_the_words_that_ended_several_the_most_frequent_first() -> None:
    text = "by Night!\nby day\nthe night…\nat NIGHT\nDay\none day\nday, day\nslip\n\n(two)\n(two)"
    assert Craft().with_songs(of(text)).line_ends == ("day", "night")


def test_where_too_few_lines_end_alike_every_end_counts() -> None:
    assert Craft().with_songs(of("by night\nby day\nthe sea")).line_ends == ("night", "day", "sea")
    assert Craft().with_songs(of("雨落在\n旧城")).line_ends == ("在", "城")


def test_words_that_speak_for_an_artist_are_theirs_rather_than_everybodys() -> None:
    craft = Craft().with_songs(
        [
            *of("the harbour and the gull and the sea\n" * 5, "Mara Quill"),
            *of("the rooftop and the razor and the street\n" * 5, "Roof Fox"),
        ]
    )
    mara, fox = (craft.habits_of(artist).words for artist in ("Mara Quill", "Roof Fox"))
    assert {*mara} == {"harbour", "gull", "sea"}
    assert {*fox} == {"rooftop", "razor", "street"}
    assert all(nats > 0 for nats in (*mara.values(), *fox.values()))


def test_what_is_known_stays_and_what_is_new_is_added() -> None:
    first = Craft().with_songs([*of(COUPLETS), *of(COUPLETS, "Roof Fox")])
    both = first.with_songs([*of(ALTERNATING), *of(UNRHYMED, "Nova Brine")])
    assert first.line_ends == ("tonight", "light", "grey", "away")
    assert both.line_ends[:4] == first.line_ends
    assert {*both.line_ends} > {"low", "hand", "glass", "home"}
    assert both.habits_of("Mara Quill") == first.habits_of("Mara Quill")
    assert both.habits_of("Mara Quill").scheme == "AABB"
    assert both.habits_of("Nova Brine").scheme == FREE
    assert {*both.habits} == {"Mara Quill", "Roof Fox", "Nova Brine"}
    assert "Nova Brine" not in first.habits
    assert both.shares == first.shares


def test_nothing_new_changes_nothing() -> None:
    craft = Craft().with_songs(songs())
    assert craft.with_songs([]) == craft
    assert Craft().with_songs([]) == Craft()


def test_a_craft_never_holds_more_words_than_can_be_pronounced_at_a_start() -> None:
    craft = Craft(tuple(f"w{n}" for n in range(MAX_WORDS)))
    assert craft.with_songs(of("by night")).line_ends == craft.line_ends


def test_nobody_in_particular_has_habits_too() -> None:
    assert Craft().habits_of("Nobody") == Habits()


def test_a_mix_has_the_habits_of_both_by_their_shares() -> None:
    one = Habits("AABB", 4.0, 1.0, {"sea": 2.0, "gull": 1.0})
    other = Habits("ABAB", 12.0, 3.0, {"sea": 1.0, "razor": 4.0})
    mixed = one.mixed_with(other, 0.25)
    assert (mixed.scheme, mixed.syllables, mixed.spread) == ("AABB", 6.0, 1.5)
    assert mixed.words == {"sea": 1.75, "gull": 0.75, "razor": 1.0}


# As JSON

words = st.text(st.characters(categories=["L"]), min_size=1, max_size=6)
numbers = st.dictionaries(words, st.floats(0, 10), max_size=4)
crafts = st.builds(
    Craft,
    st.lists(words, max_size=8, unique=True).map(tuple),
    st.dictionaries(
        st.text(max_size=9),
        st.builds(
            Habits,
            st.sampled_from(["AABB", BALLAD, FREE]),
            st.floats(0, 30),
            st.floats(0.5, 9),
            numbers,
        ),
        max_size=4,
    ),
    numbers,
)


@given(crafts)
def test_a_craft_comes_back_as_it_was_written(craft: Craft) -> None:
    assert Craft.from_json(craft.to_json()) == craft


def test_a_craft_learned_from_songs_comes_back_as_it_was_written() -> None:
    craft = Craft().with_songs(songs())
    assert Craft.from_json(craft.to_json()) == craft
    assert craft.lexicon.words == craft.line_ends


GOOD: dict[str, Any] = json.loads(Craft().with_songs(songs()).to_json())
HABITS: dict[str, Any] = GOOD["habits"]["Mara Quill"]


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "{",
        "[]",
        "{}",
        "3",
        *(
            json.dumps({**GOOD, name: value})
            for name, value in (
                ("line_ends", ["light"]),
                ("line_ends", None),
                ("habits", ["Mara Quill"]),
                ("habits", {"Mara Quill": "AABB"}),
                ("shares", ["the"]),
                ("shares", {"the": "often"}),
            )
        ),
        *(
            json.dumps({**GOOD, "habits": {"Mara Quill": {**HABITS, name: value}}})
            for name, value in (
                ("scheme", ""),
                ("scheme", 3),
                ("scheme", "A B"),
                ("syllables", "many"),
                ("syllables", -1.0),
                ("spread", 0.0),
                ("spread", None),
                ("words", ["sea"]),
                ("words", {"sea": "dear"}),
                ("colour", "blue"),
            )
        ),
    ],
)
def test_what_is_no_craft_is_refused(nonsense: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Craft.from_json(nonsense)

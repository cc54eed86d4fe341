"""Headings in one text file: the five forms, told apart by their number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.corpus.readers.headings import Section, form_of_headings, sections
from model.corpus.readers.records import MAX_RAW_CHARACTERS

RAIN = "the gutters hum a copper tune\n\nand nobody is counting"
LAMP = "one lamp, one road\none promise made"

FORMS = {
    "hash": "# {}\n",
    "equals": "== {} ==\n",
    "underlined": "{}\n-------\n",
    "lyrics": "{} Lyrics\n",
    "bracket": "[Song: {}]\n",
}
VARIANTS = [
    ("hash", "### {} ###\n"),
    ("equals", "==={}===\n"),
    ("underlined", "{}\n=====\n"),
    ("lyrics", "12 Contributors{} Lyrics\n"),
    ("lyrics", "{} Lyrics[Intro: Ada Quill]\n"),
    ("bracket", "[TITLE: {}]\n"),
    ("bracket", "[Track: {}]\n"),
]


def parted(text: str) -> list[Section]:
    lines = text.splitlines(keepends=True)
    form, _ = form_of_headings(lines)
    return list(sections(lines, form))


@pytest.mark.parametrize(("form", "heading"), [*FORMS.items(), *VARIANTS])
def test_each_form_parts_songs(form: str, heading: str) -> None:
    text = f"{heading.format('Copper Rain')}{RAIN}\n\n{heading.format('One Lamp')}{LAMP}\n"

    assert form_of_headings(text.splitlines()) == (form, 2)
    before, rain, lamp = parted(text)
    assert (before.title, before.text.strip()) == (None, "")
    assert (rain.title, rain.line) == ("Copper Rain", 1)
    assert rain.text.strip().endswith(RAIN)
    assert lamp.title == "One Lamp"
    assert lamp.text.strip().endswith(LAMP)


def test_a_tag_glued_to_a_heading_stays_with_the_text() -> None:
    _, rain = parted(f"Copper Rain Lyrics[Intro: Ada Quill]\n{RAIN}")

    assert rain.text.startswith("[Intro: Ada Quill]\n")


@pytest.mark.parametrize(
    "text",
    [
        RAIN,
        "",
        "#1 in the charts\n#hashtag\n# ",
        "a line of verse\nlamp\n------\nmore",  # no empty line before the title
        "he reads me\nhis Lyrics",
        "\nmy lyrics",
        "[Verse 1: Ada Quill]\nlamp\n\nChorus\n------\n# Chorus\n== Verse 2 ==",
        "-----\n-----\n=====",
        "# " + "long " * 100,
    ],
)
def test_verse_has_no_headings(text: str) -> None:
    assert form_of_headings(text.splitlines()) == (None, 0)


def test_the_form_of_most_headings_parts_the_file() -> None:
    text = "# Songs of rain\n\n== Copper Rain ==\nla\n\n== One Lamp ==\nla\n[Song: la]\n"

    before, rain, lamp = parted(text)
    assert before.text.strip() == "# Songs of rain"
    assert rain.title == "Copper Rain"
    assert lamp.text.strip() == "la\n[Song: la]"


def test_a_section_keeps_little_more_than_a_song_may_have() -> None:
    _, endless = sections(["# Endless\n", *["la la la la\n"] * 100_000], "hash")

    assert MAX_RAW_CHARACTERS < len(endless.text) < MAX_RAW_CHARACTERS + 100


@given(st.text(st.sampled_from("#=-[]: \n\nSonga") | st.characters(), max_size=300))
def test_no_line_of_a_plain_text_is_lost(text: str) -> None:
    lines = text.split("\n")

    (section,) = sections(lines, None)
    assert section.lines == [line.strip() for line in lines]
    assert len(parted(text)) == form_of_headings(text.splitlines())[1] + 1

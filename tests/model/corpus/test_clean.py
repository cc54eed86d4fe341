"""Cleaning: scraped text becomes verse, verse stays as it is, and hostile text costs little."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.corpus.clean import clean_lyrics, detect_language, fingerprint
from model.corpus.tags import MAX_TAGGED_LINE

SCRAPED = """\ufeff14 ContributorsCopper Rain Lyrics[Intro: Ada Quill]\r
Mm, the gutters hum\r
\r
[Verse 1: Ada Quill &\r
Tin Pedro]\r
I counted every penny that the weather let me keep,   \r
the roof sang like a kettle and the cellar couldn't sleep\r
\r
[Chorus]\r
Copper rain, copper rain,\r
wash the number off the train (x2)\r
You might also like[Verse 2: Tin Pedro]\r
My umbrella is a satellite, it\u2019s listening to the sea\r
[?] and every drop a telegram addressed to me\r
See Ada Quill LiveGet tickets as low as $12\r
[Chorus]\r
Copper rain, copper rain,\r
wash the number off the train\r
\r
[Outro]\r
Mm, the gutters hum123Embed\r
"""

CLEAN = """\
Mm, the gutters hum

I counted every penny that the weather let me keep,
the roof sang like a kettle and the cellar couldn't sleep

Copper rain, copper rain,
wash the number off the train

My umbrella is a satellite, it\u2019s listening to the sea
[?] and every drop a telegram addressed to me

Mm, the gutters hum"""

VERSES = [
    CLEAN,
    "[she] went home, the [sic] bell rang twelve\nand (softly) every window turned its back",
    "Chorus of the kettles, verse of the rain\nBridge\nHook and line and sinker, intro to a drain",
    "I live to see the late shift, see them all live\nYou might also like to know what I give",
    "He reads me sick lyrics\nof 1999\n- and I said no, x marks the line -",
    "我把灯提到江心去，\n风把江心提到灯里。\n\n夜半无人【不】渡船　只有月色渡我。",
    "Ножи дождя стучат по жести,\nи мы молчим, и мы не вместе.",
    "Oh!\n\nOh!\n\nOh!",
]

FRAGMENTS = [
    *(
        "[Chorus]",
        "[Verse 1: A &",
        "B]",
        "[",
        "]",
        "(x2)",
        " x3",
        "Chorus",
        "Bridge 2:",
        "Lyrics",
        " Lyrics[",
        "Embed",
    ),
    *(
        "12Embed",
        "You might also like",
        "See ",
        " Live",
        "Get tickets as low as $5",
        "4 Contributors",
        "… Read More",
    ),
    *(
        "\n",
        "\n\n",
        "\r\n",
        " ",
        "a",
        "la la",
        "\u0301",
        "\u200b",
        "【副歌】",
        "副歌：",
        "江",
        "----",
        "# ",
        "(Hook: A)",
        "\ufb2a",
    ),
]


def test_a_scraped_song_becomes_verse() -> None:
    assert clean_lyrics(SCRAPED) == CLEAN


@pytest.mark.parametrize("verse", VERSES)
def test_verse_stays_as_it_is(verse: str) -> None:
    assert clean_lyrics(verse) == verse


@pytest.mark.parametrize(
    "line",
    [
        *(
            "[Verse 1: Ada Quill]",
            "[Chorus x2]",
            "[Instrumental]",
            "[Chorus",
            "[x2] [Hook]",
            "【副歌】",
        ),
        *(
            "(Chorus)",
            "(Hook: Tin Pedro)",
            "(Repeat chorus)",
            "Chorus",
            "CHORUS:",
            "Chorus x2",
            "Chorus--",
        ),
        *(
            "Repeat Chorus",
            "Verse 2",
            "Bridge:",
            "Bridge 2",
            "Pre-Chorus",
            "Ad-libs:",
            "副歌：",
            "主歌A",
        ),
        *("You might also like", "See Ada Quill Live", "Embed", "57Embed", "1.2KEmbed"),
        *(
            "EmbedShare URLCopyEmbedCopy",
            "8 ContributorsCopper Rain Lyrics",
            "-----",
            "* * *",
            "## Chorus",
        ),
        "See Ada Quill LiveGet tickets as low as $1,200You might also like",
    ],
)
def test_a_line_that_nobody_sings_becomes_a_stanza_break(line: str) -> None:
    assert clean_lyrics(f"lamp\n{line}\nroad") == "lamp\n\nroad"


@pytest.mark.parametrize(
    ("scraped", "sung"),
    [
        ("slow down the river (x2)", "slow down the river"),
        ("slow down the river [x 4]", "slow down the river"),
        ("slow down the river x3", "slow down the river"),
        ("slow down the river (repeat 2 times)", "slow down the river"),
        ("[Ada Quill:] slow down", "slow down"),
        ("[Chorus] slow down", "slow down"),
        ("slow down9Embed", "slow down"),
        ("slow downYou might also like", "slow down"),
        ("3 ContributorsCopper Rain LyricsSlow down", "Slow down"),
        ("Copper Rain Lyrics[Verse 1]\nSlow down", "Slow down"),
        ("A song about rain, and then… Read More Slow down", "Slow down"),
    ],
)
def test_what_a_site_glues_to_a_line_comes_off(scraped: str, sung: str) -> None:
    assert clean_lyrics(scraped) == sung


def test_a_title_line_goes_from_the_top_only() -> None:
    assert clean_lyrics("Copper Rain Lyrics\n\nlamp\nMy Lyrics\nroad") == "lamp\nMy Lyrics\nroad"


def test_a_chorus_written_out_again_is_dropped() -> None:
    chorus = "Copper rain,\nwash the train"

    assert clean_lyrics(f"{chorus}\n\nlamp\n\n{chorus}\n\nroad") == f"{chorus}\n\nlamp\n\nroad"


def test_a_chorus_that_varies_is_kept() -> None:
    text = "Copper rain,\nwash the train\n\nCopper rain,\nwatch the train"

    assert clean_lyrics(text) == text


@pytest.mark.parametrize("text", ["", "\n\n\n", "[Chorus]", "Copper Rain Lyrics", "\ufeff \u200b"])
def test_nothing_sung_leaves_nothing(text: str) -> None:
    assert clean_lyrics(text) == ""


@given(st.lists(st.sampled_from(FRAGMENTS)).map("".join) | st.text(st.characters()))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean_lyrics(text)

    assert clean_lyrics(once) == once


@given(st.lists(st.sampled_from(FRAGMENTS)).map("".join))
def test_clean_text_has_no_outer_spaces_and_single_empty_lines(text: str) -> None:
    cleaned = clean_lyrics(text)

    assert all(line == line.strip() for line in cleaned.split("\n"))
    assert "\n\n\n" not in cleaned
    assert cleaned == cleaned.strip()


@pytest.mark.parametrize("length", [MAX_TAGGED_LINE, 200_000])
@pytest.mark.parametrize(
    "piece",
    ["[", "[a]", "[a", " x2", " (x2)", "Embed", "1", "See ", "1 Contributors", "Chorus ", "- "],
)
def test_hostile_text_takes_linear_time(piece: str, length: int) -> None:
    line = (piece * length)[:length]
    start = time.process_time()
    clean_lyrics("\n".join([line] * (200_000 // length)))

    # n² steps over such a text take minutes.
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("the river slows", "en"),
        ("la rivière s’endort", "en"),
        ("江上风起", "zh"),
        ("江上风起 yeah yeah", "zh"),
        ("slow down, 江, slow down and listen to me", "en"),
        ("川の流れはしずかに", "und"),
        ("ночь и дождь", "und"),
        ("1999!", "und"),
        ("", "und"),
    ],
)
def test_a_language_is_told_by_its_script(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_a_fingerprint_sees_letters_only() -> None:
    assert fingerprint("Copper rain,\nwash the TRAIN!") == fingerprint(
        "copper rain wash (the) train"
    )
    assert fingerprint("copper rain") != fingerprint("copper train")
    assert fingerprint("江上，风起") == fingerprint("江上风起")
    assert len(fingerprint("")) == 64

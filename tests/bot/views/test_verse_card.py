"""The card: every word shown letter by letter, the seed in bold, nothing too long for Discord."""

from typing import Any

import pytest

from bot.locale import Translator, translator
from bot.moderation import ContentLevel, rules_for
from bot.views.card import Card
from bot.views.verse_card import in_display, verse_card
from tests.bot.views.verses import make_verse

ENGLISH, CHINESE = translator("en-GB"), translator("zh-CN")


def card(
    text: str,
    seed: str = "slim",
    artist: str = "Mara Quill",
    texts: Translator = ENGLISH,
    **more: Any,
) -> Card:
    verse = make_verse(text, seed=seed, artist=artist, **more)
    return verse_card(verse, "Ben", rules_for(ContentLevel.CLEAN), texts)


async def test_markdown_in_a_verse_is_shown_and_not_obeyed() -> None:
    shown = card("slim *and* `shady`\n# no heading\n<@1> @here").embed.description
    assert shown == ("**slim** \\*and\\* \\`shady\\`\n\\# no heading\n\\<@\u200b1> @\u200bhere")


@pytest.mark.parametrize(
    ("words", "seed", "shown"),
    [
        ("slim shady", "slim", "**slim** shady"),
        ("**x** y", "**x**", "**\\*\\*x\\*\\*** y"),
        ("春风又绿", "春风", "**春风**又绿"),
        ("and on it goes", "", "and on it goes"),
        ("something else", "slim", "something else"),
    ],
)
def test_the_seed_that_opens_the_verse_is_bold(words: str, seed: str, shown: str) -> None:
    assert in_display(words, seed) == shown


async def test_a_verse_too_long_for_an_embed_is_cut_at_a_line_and_attached_whole() -> None:
    lines = [f"slim {number} " + "*" * 100 for number in range(60)]
    made = card("\n".join(lines))
    assert made.embed.description is not None
    assert len(made.embed.description) <= 4096
    *kept, ending = made.embed.description.split("\n")
    assert ending == "… the whole verse is attached."
    assert kept[-1].endswith("\\*" * 100)
    (file,) = made.files
    assert file.filename == "verse-7.txt"
    assert file.fp.read().decode() == "\n".join(lines)


async def test_a_single_endless_line_fits_too() -> None:
    made = card("slim" + "*" * 9000)
    assert made.embed.description is not None
    assert len(made.embed.description) <= 4096


async def test_an_endless_artist_fits_into_the_title() -> None:
    made = card("slim", artist="*" * 300)
    assert made.embed.title is not None
    assert len(made.embed.title) <= 256


async def test_a_forbidden_word_is_masked_in_display() -> None:
    assert card("slim fucking shady").embed.description == "**slim** f•••••• shady"


@pytest.mark.parametrize(
    ("scheme", "text", "shown"),
    [
        ("AABB", "slim rain", " · AABB · "),
        ("AABB", "белый снег", " · AABB（不懂这种语言的韵） · "),
        ("free", "slim rain", " · 自由体 · "),
        (None, "slim rain", "风格 · Ben"),
    ],
)
async def test_the_footer_tells_the_scheme_where_there_is_one(
    scheme: str | None, text: str, shown: str
) -> None:
    made = card(text, texts=CHINESE, scheme=scheme)
    assert made.embed.footer.text is not None
    assert shown in made.embed.footer.text


async def test_a_mix_of_hostile_names_is_shown_and_not_obeyed() -> None:
    made = card("slim", artist="*a*", mix_artist="@here", mix_share=30, texts=CHINESE)
    assert made.embed.title == "🎤 70 % \\*a\\* · 30 % @\u200bhere"
    assert made.embed.footer.text is not None
    assert "*a*和@here" in made.embed.footer.text

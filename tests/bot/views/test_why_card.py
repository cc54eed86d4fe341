"""🔍: a verse's figures and its rhymes, for whoever pressed alone."""

import dataclasses
from typing import Any

import pytest

from bot.generation import Explanation, Likeness, MarkedLine, RhymeMarks
from bot.locale import translator
from bot.moderation import ContentLevel, rules_for
from bot.store import Verse
from bot.views.why_card import why_card
from tests.bot.commands.test_rap import only_text
from tests.bot.conftest import ARTIST, Stage
from tests.bot.views.verses import make_verse

ENGLISH, CHINESE = translator("en-GB"), translator("zh-CN")
VERSE = make_verse(
    "slim *as* rain,\n\nfucking pain",
    artist=ARTIST,
    num_lines=2,
    scheme="AABB",
    num_candidates=8,
)
EXPLANATION = Explanation(
    marks=RhymeMarks(
        (
            MarkedLine("slim *as* rain,", 10, 14, "A"),
            MarkedLine("", 0, 0, ""),
            MarkedLine("fucking pain", 8, 12, "A"),
        ),
        num_pairs=1,
        num_met=1,
    ),
    knows_rhymes=True,
    rhyme_density=0.714,
    run=7,
    is_copy=False,
    is_by_live=True,
    likeness=Likeness(((ARTIST, 1.734), ("Roof_Fox", 1.8)), 2.0, 12),
)


def said(
    verse: Verse = VERSE, explanation: Explanation = EXPLANATION, texts: Any = ENGLISH
) -> dict[str, str]:
    embed = why_card(verse, explanation, rules_for(ContentLevel.CLEAN), texts)
    fields = {str(field.name): str(field.value) for field in embed.fields}
    return fields | {"verse": embed.description or "", "footer": embed.footer.text or ""}


def test_words_that_rhyme_are_bold_with_a_letter_and_nothing_else_is_alive() -> None:
    assert said()["verse"] == "slim \\*as\\* **rain**, `A`\n\nf•••••• **pain** `A`"


def test_the_figures_are_told() -> None:
    told = said()
    assert "AABB: 1 of 1 pair" in told["Rhyme"]
    assert "0.71 rhyming vowels" in told["Rhyme"]
    assert "No 7 words" in told["New words"]
    assert f"As {ARTIST}: 1.73 bits" in told["Voice"]
    assert "As Roof\\_Fox: 1.80 bits" in told["Voice"]
    assert "12 others in the same language, on average: 2.00" in told["Voice"]
    assert told["footer"] == "8 tries at each line · temperature 0.8 · starter-1"


@pytest.mark.parametrize(
    ("verse", "explanation", "field", "told"),
    [
        ({"scheme": "free"}, {}, "Rhyme", "Free verse"),
        ({"scheme": None}, {}, "Rhyme", "before I looked for rhymes"),
        ({}, {"knows_rhymes": False}, "Rhyme", "no rhyme known for this language"),
        ({}, {"marks": dataclasses.replace(EXPLANATION.marks, num_pairs=0)}, "Rhyme", "too few"),
        ({}, {"is_copy": True}, "New words", "Somewhere 7 words"),
        ({}, {"is_copy": None}, "New words", "know no lyrics"),
        ({}, {"is_by_live": False, "likeness": None}, "Voice", "no longer use"),
        ({}, {"likeness": None}, "Voice", "no other voice"),
    ],
)
def test_what_cannot_be_said_is_said_so(
    verse: dict[str, Any], explanation: dict[str, Any], field: str, told: str
) -> None:
    changed = dataclasses.replace(EXPLANATION, **explanation)
    assert told in said(dataclasses.replace(VERSE, **verse), changed)[field]


def test_a_verse_of_before_tells_no_number_of_tries() -> None:
    old = dataclasses.replace(VERSE, num_candidates=None)
    assert said(old)["footer"] == "temperature 0.8 · starter-1"


def test_it_is_told_in_chinese_too() -> None:
    told = said(texts=CHINESE)
    assert "1 对押韵" in told["押韵"]
    assert "连续 7 个字" in told["新意"]


def test_an_endless_verse_fits() -> None:
    lines = [f"slim {number} " + "*" * 100 for number in range(60)]
    marks = RhymeMarks(tuple(MarkedLine(each, 0, 4, "A") for each in lines), 0, 0)
    shown = said(
        dataclasses.replace(VERSE, text="\n".join(lines)),
        dataclasses.replace(EXPLANATION, marks=marks),
    )["verse"]
    assert len(shown) <= 4096


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_a_press_explains_the_verse_to_that_member_alone(
    stage: Stage, is_restarted: bool
) -> None:
    card = (await stage.rap("slim", rhyme="AABB", mix="夜雨", lines=4)).response
    if is_restarted:
        await stage.restart()
    result = await stage.chen.click(card, custom_id="cypher:1:why:1")
    (embed,) = result.response.embeds
    assert result.response.ephemeral
    assert embed.title == "🔍 Why verse 1 reads as it does"
    assert embed.description.startswith("slim")
    voice = embed.fields[-1].value
    assert f"As {ARTIST}" in voice
    assert "As 夜雨" in voice


async def test_a_verse_that_is_gone_cannot_be_explained(stage: Stage) -> None:
    card = (await stage.rap()).response
    await stage.store.verses.delete(1)
    told = only_text(await stage.ben.click(card, custom_id="cypher:1:why:1"))
    assert "That verse is gone" in told

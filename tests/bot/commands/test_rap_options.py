"""/rap's options: which lines rhyme, a second voice, the mood; and what is odd about each."""

from dataclasses import replace
from typing import Any

import pytest

from bot.generation import FREE, GeneratedVerse, VerseRequest
from bot.store import Verse
from model.craft import BALLAD
from model.evaluation.scheme import SCHEMES
from tests.bot.commands.test_rap import only_text
from tests.bot.conftest import ARTIST, Stage


async def first_verse(stage: Stage) -> Verse:
    verse = await stage.store.verses.get(1)
    assert verse is not None
    return verse


def footer(result: Any) -> str:
    text: str = result.response.embeds[0].footer.text
    return text


def option(stage: Stage, name: str) -> dict[str, Any]:
    commands = stage.world.env.backend.commands[None].values()
    (rap,) = [each for each in commands if each["name"] == "rap"]
    (found,) = [each for each in rap["options"] if each["name"] == name]
    return dict(found)


async def test_the_asked_for_scheme_is_on_the_card_and_stored(stage: Stage) -> None:
    result = await stage.rap(rhyme="ABBA", lines=4)
    assert " · ABBA · " in footer(result)
    verse = await first_verse(stage)
    assert verse.scheme == "ABBA"
    assert verse.num_candidates == stage.app.services.config.generation.candidates


async def test_every_scheme_that_can_be_written_is_offered(stage: Stage) -> None:
    offered = [each["value"] for each in option(stage, "rhyme")["choices"]]
    assert offered == [*SCHEMES, BALLAD, FREE]


@pytest.mark.parametrize("name", ["rhyme", "mood"])
async def test_choices_have_chinese_names(stage: Stage, name: str) -> None:
    choices = option(stage, name)["choices"]
    assert all(each["name_localizations"]["zh-CN"] for each in choices)


async def test_an_artist_of_whom_no_habits_are_known_writes_free_verse(stage: Stage) -> None:
    assert " · free verse · " in footer(await stage.rap())
    assert (await first_verse(stage)).scheme == FREE


@pytest.mark.parametrize("lines", [2, 3, 5])
async def test_a_scheme_is_written_as_far_as_the_lines_go(stage: Stage, lines: int) -> None:
    await stage.rap(rhyme="ABBA", lines=lines)
    verse = await first_verse(stage)
    assert len(verse.text.splitlines()) == lines
    assert verse.scheme == "ABBA"


@pytest.mark.parametrize("seed", ["12345", "🔥🔥🔥", "…!?", "a seed that is " + "longer " * 12])
async def test_a_seed_that_nothing_rhymes_with_opens_a_verse_all_the_same(
    stage: Stage, seed: str
) -> None:
    await stage.rap(seed, rhyme="AABB", lines=4)
    verse = await first_verse(stage)
    assert verse.text.startswith(seed.strip())
    assert len(verse.text.splitlines()) == 4


async def test_where_no_rhyme_is_known_the_card_says_so(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate = stage.app.services.generation.generate

    async def in_russian(request: VerseRequest, on_wait: Any = None) -> GeneratedVerse:
        return replace(await generate(request), text="белый снег\nтихий бег")

    monkeypatch.setattr(stage.app.services.generation, "generate", in_russian)
    assert "AABB (no rhyme known for this language)" in footer(await stage.rap(rhyme="AABB"))
    assert "no rhyme known" not in footer(await stage.rap(rhyme=FREE))


async def test_two_voices_are_mixed_half_and_half_unless_said(stage: Stage) -> None:
    result = await stage.rap(mix="roof fox")
    assert result.response.embeds[0].title == f"🎤 50 % {ARTIST} · 50 % Roof Fox"
    assert f"machine-made in the style of {ARTIST} and Roof Fox" in footer(result)
    verse = await first_verse(stage)
    assert (verse.artist, verse.mix_artist, verse.mix_share) == (ARTIST, "Roof Fox", 50)


async def test_a_share_is_that_of_the_second_artist(stage: Stage) -> None:
    result = await stage.rap(mix="Roof Fox", share=30)
    assert result.response.embeds[0].title == f"🎤 70 % {ARTIST} · 30 % Roof Fox"
    assert (await first_verse(stage)).mix_share == 30


@pytest.mark.parametrize(("share", "artist"), [(0, ARTIST), (100, "Roof Fox")])
async def test_nothing_or_all_of_a_second_artist_is_no_mix(
    stage: Stage, share: int, artist: str
) -> None:
    result = await stage.rap(mix="Roof Fox", share=share)
    assert result.response.embeds[0].title == f"🎤 {artist}"
    assert (await first_verse(stage)).mix_artist is None


async def test_an_artist_mixed_with_themself_is_themself(stage: Stage) -> None:
    result = await stage.rap(mix="MARA quill", share=20)
    assert result.response.embeds[0].title == f"🎤 {ARTIST}"
    assert (await first_verse(stage)).mix_artist is None


async def test_a_second_artist_is_suggested_and_an_unknown_one_is_told(stage: Stage) -> None:
    (first, *_) = await stage.ben.autocomplete(stage.channel, "rap", "mix", "roo")
    assert first["value"] == "Roof Fox"
    num_requests = len(stage.world.env.http_requests)
    assert "have not learned Roof Fux" in only_text(await stage.rap(mix="Roof Fux"))
    assert len(stage.world.env.http_requests) == num_requests + 1
    assert await stage.store.verses.get(1) is None


async def test_a_share_of_nobody_gets_one_sentence(stage: Stage) -> None:
    assert "Name one with mix" in only_text(await stage.rap(share=30))


@pytest.mark.parametrize(
    ("mood", "temperature"), [("calm", 0.5), ("lively", 1.0), ("wild", 1.3), ("usual", None)]
)
async def test_a_mood_is_a_temperature_by_name(
    stage: Stage, mood: str, temperature: float | None
) -> None:
    await stage.rap(mood=mood, lines=2)
    usual = stage.app.services.config.generation.temperature
    assert (await first_verse(stage)).temperature == (temperature or usual)


async def test_a_mood_and_a_temperature_are_one_too_many(stage: Stage) -> None:
    told = only_text(await stage.rap(mood="calm", temperature=1.0))
    assert "not both" in told
    assert await stage.store.verses.get(1) is None

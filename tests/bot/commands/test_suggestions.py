"""Suggestions for artists: those that are known, and what was typed where it may be meant."""

import pytest

from tests.bot.conftest import ARTIST, Stage


async def offered(stage: Stage, command: str, typed: str) -> list[tuple[str, str]]:
    choices = await stage.ben.autocomplete(stage.channel, command, "artist", typed)
    return [(choice["name"], choice["value"]) for choice in choices]


@pytest.mark.parametrize("command", ["rap", "top", "submit"])
async def test_everybody_is_offered_before_anything_is_typed(stage: Stage, command: str) -> None:
    assert (ARTIST, ARTIST) in await offered(stage, command, "")


@pytest.mark.parametrize("typed", ["mar", "QUILL", "quill m"])
async def test_part_of_a_name_finds_it(stage: Stage, typed: str) -> None:
    assert (await offered(stage, "rap", typed))[0] == (ARTIST, ARTIST)


async def test_a_name_that_is_not_known_can_be_sent_all_the_same(stage: Stage) -> None:
    assert (await offered(stage, "rap", "Eminem"))[0] == ("Eminem (not learned yet)", "Eminem")
    first, second = (await offered(stage, "rap", "Mara Kwill"))[:2]
    assert first[1] == "Mara Kwill"
    assert second[1] == ARTIST


async def test_a_new_artist_can_be_handed_in_even_under_a_similar_name(stage: Stage) -> None:
    first, second = (await offered(stage, "submit", "Mara"))[:2]
    assert first == ("Mara (new)", "Mara")
    assert second == (ARTIST, ARTIST)
    assert (await offered(stage, "submit", "mara quill"))[0] == (ARTIST, ARTIST)


async def test_what_is_too_long_for_a_menu_is_left_out(stage: Stage) -> None:
    assert all(len(name) <= 100 for name, _ in await offered(stage, "submit", "x" * 300))

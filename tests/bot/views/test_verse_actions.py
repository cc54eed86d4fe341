"""The buttons under a verse: one vote a member, more verses, also after a restart."""

import re
from typing import Any

import discord
import pytest

from bot.generation import GeneratedVerse, VerseRequest
from tests.bot.commands.test_rap import only_text
from tests.bot.conftest import ARTIST, Stage


def counts(stage: Stage, message: Any) -> tuple[str, str]:
    """The labels of 👍 and 👎 as everybody sees them now."""
    stored = stage.world.env.backend.get_message(stage.channel.id, message.id)
    buttons = stored.components[0]["components"]
    return buttons[0]["label"], buttons[1]["label"]


async def press(stage: Stage, who: Any, message: Any, button: str) -> Any:
    verse_id = 1
    return await who.click(message, custom_id=f"cypher:1:{button}:{verse_id}")


async def test_each_member_has_one_vote_that_can_be_changed_and_withdrawn(stage: Stage) -> None:
    card = (await stage.rap()).response
    assert counts(stage, card) == ("0", "0")
    for who, button, shown in (
        (stage.ben, "vote:up", ("1", "0")),
        (stage.chen, "vote:up", ("2", "0")),
        (stage.chen, "vote:down", ("1", "1")),
        (stage.ben, "vote:up", ("0", "1")),
        (stage.chen, "vote:down", ("0", "0")),
    ):
        await press(stage, who, card, button)
        assert counts(stage, card) == shown


async def test_votes_count_after_a_restart(stage: Stage) -> None:
    card = (await stage.rap()).response
    await press(stage, stage.ben, card, "vote:up")
    await stage.restart()
    await press(stage, stage.chen, card, "vote:up")
    assert counts(stage, card) == ("2", "0")


@pytest.mark.parametrize("button", ["vote:up", "again", "continue", "why"])
async def test_a_button_of_a_deleted_verse_gets_a_polite_answer(stage: Stage, button: str) -> None:
    card = (await stage.rap()).response
    await stage.store.verses.delete(1)
    assert "That verse is gone" in only_text(await press(stage, stage.ben, card, button))


@pytest.mark.parametrize("custom_id", ["cypher:0:vote:up:1", "cypher:2:vote:1", "cypher:1:gone:1"])
async def test_a_button_of_another_version_gets_a_polite_answer(
    stage: Stage, custom_id: str
) -> None:
    assert stage.app.bot is not None
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="old", custom_id=custom_id))
    channel = stage.app.bot.get_partial_messageable(stage.channel.id)
    message = await channel.send("an old card", view=view)
    view.stop()
    result = await stage.ben.click(message, custom_id=custom_id)
    assert "older version" in only_text(result)


async def test_again_makes_another_verse_of_the_same_order(stage: Stage) -> None:
    asked: dict[str, Any] = {"rhyme": "ABAB", "mix": "Roof Fox", "share": 30}
    card = (await stage.rap("slim", lines=3, temperature=0.7, **asked)).response
    result = await press(stage, stage.chen, card, "again")
    assert "asked by Chen" in result.response.embeds[0].footer.text
    first, second = await stage.store.verses.get(1), await stage.store.verses.get(2)
    assert first is not None
    assert second is not None
    assert (second.seed, second.num_lines, second.temperature) == ("slim", 3, 0.7)
    assert (second.scheme, second.mix_artist, second.mix_share) == ("ABAB", "Roof Fox", 30)
    assert second.rng_seed != first.rng_seed
    assert second.text.startswith("slim")


async def test_continue_goes_on_from_the_last_lines(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = (await stage.rap("slim", lines=6, rhyme="ABBA")).response
    first = await stage.store.verses.get(1)
    assert first is not None
    generation, requests = stage.app.services.generation, []
    generate = generation.generate

    async def noting(request: VerseRequest, on_wait: Any = None) -> GeneratedVerse:
        requests.append(request)
        return await generate(request, on_wait)

    monkeypatch.setattr(generation, "generate", noting)
    await press(stage, stage.chen, card, "continue")
    (request,) = requests
    assert (request.seed, request.artist, request.lines) == ("", ARTIST, 6)
    assert first.text.endswith(request.context)
    assert request.scheme == "ABBA"
    assert len(request.context.splitlines()) == 6  # four would begin the scheme anew
    second = await stage.store.verses.get(2)
    assert second is not None
    assert second.parent_id == 1


async def test_each_button_has_words_beside_its_picture(stage: Stage) -> None:
    card = (await stage.rap()).response
    buttons = card.components[0]["components"]
    assert [each["emoji"]["name"] for each in buttons] == ["👍", "👎", "🔁", "➕", "🔍"]
    assert [each["label"] for each in buttons] == ["0", "0", "Again", "Continue", "Why"]
    assert all(re.fullmatch(r"cypher:1:[a-z]+(:\w+)*", each["custom_id"]) for each in buttons)

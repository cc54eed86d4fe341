"""/mydata shows a member everything, and forgets it at one press."""

import json
from typing import Any

from tests.bot.conftest import Stage


async def file_of(result: Any) -> Any:
    (attached,) = result.response.attachments
    return json.loads(await attached.read())


async def answered(stage: Stage, choice: str) -> Any:
    """Ben asks to be forgotten, and presses a button under the question."""
    question = await stage.ben.slash(stage.channel, "mydata forget")
    assert question.ephemeral
    return await stage.ben.click(question.response, custom_id=f"cypher:1:forget:{choice}")


async def test_export_is_private_and_has_what_the_member_did(stage: Stage) -> None:
    card = (await stage.rap(seed="slim")).response
    await stage.ben.click(card, custom_id="cypher:1:vote:up:1")
    result = await stage.ben.slash(stage.channel, "mydata export")
    assert result.ephemeral
    told = await file_of(result)
    assert told["discord_user"] == str(stage.ben.id)
    assert told["verses you asked for"][0]["seed"] == "slim"
    assert len(told["votes on verses"]) == 1
    of_chen = await file_of(await stage.chen.slash(stage.channel, "mydata export"))
    assert of_chen["votes on verses"] == []


async def test_forget_asks_first_and_forgets_the_one_who_presses(stage: Stage) -> None:
    card = (await stage.rap(seed="slim")).response
    for who in (stage.ben, stage.chen):
        await who.click(card, custom_id="cypher:1:vote:up:1")
    await answered(stage, "no")
    assert (await stage.store.votes.count(1)).up == 2
    done = await answered(stage, "keep")
    assert "1 vote deleted" in done.response.embeds[0].description
    assert (await stage.store.votes.count(1)).up == 1
    verse = await stage.store.verses.get(1)
    assert verse is not None
    assert verse.user_id is None


async def test_the_verses_are_erased_where_that_is_wanted(stage: Stage) -> None:
    await stage.rap(seed="slim")
    await answered(stage, "erase")
    assert await stage.store.verses.get(1) is None

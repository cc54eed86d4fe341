"""/submissions and /withdraw: admins decide, one at a time; members take back what is theirs."""

from typing import Any

import pytest

from bot.views.buttons import button, view_of
from bot.views.menus import select
from tests.bot.commands.test_rap import only_text
from tests.bot.commands.test_submit import OTHER_LYRICS, submit
from tests.bot.conftest import Stage


def card_of(result: Any) -> dict[str, Any]:
    (embed,) = result.response.embeds
    card: dict[str, Any] = embed.to_dict()
    return card


async def review(stage: Stage) -> Any:
    return await stage.admin.slash(stage.channel, "submissions")


async def choose(stage: Stage, shown: Any, action: str, value: str, member: Any = None) -> Any:
    """As the admin, or as that member, in the select of that action."""
    (custom_id,) = [
        child["custom_id"]
        for row in shown.response.components
        for child in row["components"]
        if child["custom_id"].startswith(f"cypherselect:1:{action}")
    ]
    return await (member or stage.admin).select(shown.response, [value], custom_id=custom_id)


async def test_an_empty_queue_says_how_things_come_in(stage: Stage) -> None:
    result = await review(stage)
    assert result.ephemeral
    assert "/submit" in card_of(result)["description"]


async def test_approving_shows_the_next_one(stage: Stage) -> None:
    await submit(stage)
    await submit(stage, title="Second", lyrics=OTHER_LYRICS)
    result = await review(stage)
    assert result.ephemeral
    first = card_of(result)
    assert first["title"] == "Nova Brine – Jar of Glass"
    assert first["description"].startswith("I keep the tide")
    assert f"<@{stage.ben.id}>" in str(first["fields"])
    assert first["footer"]["text"] == "submission 1 · 2 of 2 in review"
    pressed = await stage.admin.click(result.response, label="Approve")
    assert "✅ Approved: “Jar of Glass”" in pressed.response.content
    assert card_of(pressed)["title"] == "Nova Brine – Second"
    (approved,) = await stage.store.lyrics.approved()
    assert (approved.title, approved.reviewer_id) == ("Jar of Glass", stage.admin.id)


async def test_refusing_the_last_one_empties_the_queue(stage: Stage) -> None:
    await submit(stage)
    result = await review(stage)
    pressed = await choose(stage, result, "refuse", "not_lyrics")
    assert "❌ Refused" in pressed.response.content
    assert card_of(pressed)["title"] == "Nothing is in review"
    assert await stage.store.lyrics.approved() == []


async def test_next_leaves_it_and_comes_round_again(stage: Stage) -> None:
    await submit(stage)
    await submit(stage, title="Second", lyrics=OTHER_LYRICS)
    result = await review(stage)
    assert card_of(await stage.admin.click(result.response, label="Skip"))["title"].endswith(
        "Second"
    )
    assert card_of(await stage.admin.click(result.response, label="Skip"))["title"].endswith(
        "Glass"
    )


async def test_a_decision_is_made_once(stage: Stage) -> None:
    await submit(stage)
    result = await review(stage)
    (lyrics,) = await stage.store.lyrics.pending()
    await stage.store.lyrics.review(lyrics.id, approve=True, reviewer_id=1)
    told = await choose(stage, result, "refuse", "duplicate")
    assert "is decided already" in told.followups[0].content if told.followups else True
    assert len(await stage.store.lyrics.approved()) == 1


async def test_long_lyrics_are_attached_whole(stage: Stage) -> None:
    words = "\n".join(f"*Salt* line number {number} of the sea" for number in range(300))
    await submit(stage, file=("sea.txt", words.encode()))
    result = await review(stage)
    assert len(card_of(result)["description"]) <= 4096
    (attachment,) = result.response.attachments
    assert (await attachment.read()).decode() == words


async def test_a_member_may_not_review_even_where_a_server_opens_the_command(
    stage: Stage,
) -> None:
    await submit(stage)
    open_to_everybody(stage, "submissions")
    told = await stage.ben.slash(stage.channel, "submissions")
    assert "Only admins" in only_text(told)


@pytest.mark.parametrize(
    "custom_id",
    [
        *(f"cypher:1:review:{order}:1" for order in ("approve", "refuse", "next", "back")),
        "cypher:1:takeback:1700000000000000:all",
        "cypher:1:approveall:all:1:1",
    ],
)
async def test_a_member_may_not_press_a_reviewers_button(stage: Stage, custom_id: str) -> None:
    assert stage.app.bot is not None
    await submit(stage)
    channel = stage.app.bot.get_partial_messageable(stage.channel.id)
    message = await channel.send("card", view=view_of(button(*custom_id.split(":")[2:], label="x")))
    told = await stage.ben.click(message, custom_id=custom_id)
    assert "Only admins" in only_text(told)
    assert len(await stage.store.lyrics.pending()) == 1


@pytest.mark.parametrize(
    ("custom_id", "chosen"),
    [
        ("refuse:1:all", "duplicate"),
        ("refuse:1:all", "other"),
        ("queue", "clear"),
        ("bulk:1:all", "approve-all"),
        ("refuseall:all:1:1", "duplicate"),
    ],
)
async def test_a_member_may_not_choose_what_a_reviewer_may(
    stage: Stage, custom_id: str, chosen: str
) -> None:
    assert stage.app.bot is not None
    await submit(stage)
    channel = stage.app.bot.get_partial_messageable(stage.channel.id)
    action, *arguments = custom_id.split(":")
    view = view_of(select(action, *arguments, placeholder="x", options={chosen: "y"}))
    message = await channel.send("card", view=view)
    told = await stage.ben.select(message, [chosen], custom_id=f"cypherselect:1:{custom_id}")
    assert "Only admins" in only_text(told)
    assert len(await stage.store.lyrics.pending()) == 1


async def test_a_member_sees_and_withdraws_their_own(stage: Stage) -> None:
    await submit(stage)
    mine = await stage.ben.slash(stage.channel, "withdraw")
    assert "“Jar of Glass” · Nova Brine · in review" in card_of(mine)["description"]
    pressed = await stage.ben.click(mine.response, label="Withdraw 1")
    assert "is withdrawn" in pressed.response.content
    assert "nothing that could be withdrawn" in card_of(pressed)["description"]
    lyrics = await stage.store.lyrics.get(1)
    assert lyrics is not None
    assert (lyrics.state, lyrics.text) == ("withdrawn", "")


async def test_nobody_withdraws_what_another_handed_in(stage: Stage) -> None:
    await submit(stage)
    others = await stage.chen.slash(stage.channel, "withdraw")
    assert "nothing that could be withdrawn" in card_of(others)["description"]


def open_to_everybody(stage: Stage, command: str) -> None:
    """What a server's settings can do to a command that asks for a permission."""
    backend = stage.world.env.backend
    found = backend.find_command(command, stage.channel.guild.id)
    assert found is not None
    backend.set_command_permissions(
        stage.channel.guild.id,
        int(found["id"]),
        [{"id": str(stage.channel.guild.id), "type": 1, "permission": True}],
    )

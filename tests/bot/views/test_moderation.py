"""A report reaches the moderators, who hide, dismiss and ban; what is hidden stays hidden."""

import logging
from typing import Any

import discord
import pytest

from bot.errors import NoSuchVerse, TooManyReports
from bot.store import Subject
from tests.bot.commands.test_rap import only_text
from tests.bot.conftest import ARTIST, Stage


async def report(stage: Stage, who: Any, card: Any, kind: str = "hate", words: str = "") -> Any:
    opened = await who.click(card, custom_id="cypher:1:report:1")
    return await who.submit_modal(opened, {"kind": [kind], "words": words})


async def decide(stage: Stage, card: Any, decision: str) -> Any:
    return await stage.admin.click(card, custom_id=f"cypher:1:case:{decision}:1")


def shown(stage: Stage, message: Any, channel: Any = None) -> Any:
    return stage.world.env.backend.get_message((channel or stage.channel).id, message.id)


async def press_old_button(stage: Stage, custom_id: str, who: Any = None) -> Any:
    """As somebody whose client still shows the card of before."""
    assert stage.app.bot is not None
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="old", custom_id=custom_id))
    channel = stage.app.bot.get_partial_messageable(stage.channel.id)
    message = await channel.send("an old card", view=view)
    view.stop()
    return await (who or stage.ben).click(message, custom_id=custom_id)


async def queue(stage: Stage) -> Any:
    return (await stage.admin.slash(stage.channel, "reports")).response


async def test_a_report_waits_for_the_moderators_with_its_reason(stage: Stage) -> None:
    card = (await stage.rap()).response
    assert "Thank you" in only_text(await report(stage, stage.chen, card, words="@here *mean*"))
    assert "reported this already" in only_text(await report(stage, stage.chen, card))
    (embed,) = (await queue(stage)).embeds
    verse = await stage.store.verses.get(1)
    assert verse is not None
    assert embed.description.startswith("||slim")
    assert embed.fields[0].name == "1 open report"
    reason = f"<@{stage.chen.id}>: Hateful, or an attack on somebody: @\u200bhere \\*mean\\*"
    assert embed.fields[0].value == reason
    assert embed.fields[1].value == f"<@{stage.ben.id}>"


async def test_one_message_tells_the_moderators_channel_and_only_they_decide(stage: Stage) -> None:
    await stage.store.guilds.set(stage.channel.guild.id, moderation_channel_id=stage.channel.id)
    card = (await stage.rap()).response
    await report(stage, stage.chen, card)
    notice = stage.channel.last_message
    await report(stage, stage.ben, card, kind="copy")
    assert stage.channel.last_message.id == notice.id
    assert "2 open reports" in str(shown(stage, notice).embeds)
    pressed = await stage.ben.click(notice, custom_id="cypher:1:case:hide:1")
    assert "Only admins" in only_text(pressed)
    assert "slim" in str(shown(stage, card).embeds)
    await decide(stage, notice, "dismiss")
    assert shown(stage, notice).embeds[0]["footer"]["text"] == "Dismissed."
    assert "No report is open" in (await queue(stage)).embeds[0].title


async def test_the_role_for_reviews_moderates_too(stage: Stage) -> None:
    role = stage.channel.guild.create_role("Moderators")
    await stage.store.guilds.set(
        stage.channel.guild.id,
        moderation_channel_id=stage.channel.id,
        review_role_id=role.id,
    )
    card = (await stage.rap()).response
    await report(stage, stage.chen, card)
    user = stage.world.env.create_user("Mods")
    moderator = stage.channel.guild.add_member(user, roles=[role])
    await moderator.click(stage.channel.last_message, custom_id="cypher:1:case:hide:1")
    assert "Hidden by a moderator" in str(shown(stage, card).embeds)


async def test_a_banned_member_is_refused_everywhere_until_unbanned(stage: Stage) -> None:
    card = (await stage.rap()).response
    await report(stage, stage.chen, card)
    await decide(stage, await queue(stage), "banasker")
    assert "Hidden by a moderator" in str(shown(stage, card).embeds)
    other = (await stage.chen.slash(stage.channel, "rap", seed="slim", artist=ARTIST)).response
    refused = "A moderator of this server has told me not to serve you here."
    assert refused in only_text(await stage.rap())
    for button in ("vote:up", "again", "why", "report"):
        pressed = await stage.ben.click(other, custom_id=f"cypher:1:{button}:2")
        assert refused in only_text(pressed)
    assert await stage.ben.autocomplete(stage.channel, "rap", "artist", "Mara") == []
    assert "Cypher" in only_text(await stage.ben.slash(stage.channel, "about"))
    await stage.restart()
    assert refused in only_text(await stage.rap())
    (embed,) = (await stage.admin.slash(stage.channel, "bans")).response.embeds
    assert f"<@{stage.ben.id}>" in embed.description
    told = await stage.admin.slash(stage.channel, "unban", member=stage.ben)
    assert "I serve" in only_text(told)
    assert (await stage.rap()).response.embeds


async def test_false_reporters_are_banned_and_managers_never_locked_out(stage: Stage) -> None:
    card = (await stage.rap()).response
    await report(stage, stage.chen, card)
    await report(stage, stage.admin, card)
    await decide(stage, await queue(stage), "banreporters")
    assert "not to serve you" in only_text(await stage.chen.slash(stage.channel, "top"))
    assert (await stage.admin.slash(stage.channel, "top")).response.embeds[0].description
    assert "slim" in str(shown(stage, card).embeds)


async def test_nobody_reports_more_verses_a_day_than_are_passed_on(stage: Stage) -> None:
    card = (await stage.rap()).response
    reports, guild = stage.store.reports, stage.channel.guild.id
    await reports.add(Subject("verse", 1), guild, stage.chen.id, "other", 1)
    second = (await stage.rap()).response
    with pytest.raises(TooManyReports):
        await reports.add(Subject("verse", 2), guild, stage.chen.id, "other", 1)
    with pytest.raises(NoSuchVerse):
        await reports.add(Subject("verse", 2), guild + 1, stage.ben.id, "other", 1)
    assert card.id != second.id


@pytest.mark.parametrize("is_in_queue", [True, False])
async def test_a_hidden_verse_is_gone_for_members_after_a_restart_too(
    stage: Stage, caplog: pytest.LogCaptureFixture, is_in_queue: bool
) -> None:
    caplog.set_level(logging.INFO)
    card = (await stage.rap()).response
    await stage.store.votes.cast(1, stage.ben.id, 1)
    before = shown(stage, card).embeds[0]["description"]
    await report(stage, stage.chen, card)
    queued = await queue(stage)
    await decide(stage, queued, "hide")
    hidden = shown(stage, card)
    assert hidden.embeds[0]["description"] == "*Hidden by a moderator.*"
    assert "machine-made" in hidden.embeds[0]["footer"]["text"]
    pressed = await stage.ben.click(card, custom_id="cypher:1:case:unhide:1")
    assert "Only admins" in only_text(pressed)
    await stage.restart()
    for button in ("again", "continue", "why", "report"):
        told = await press_old_button(stage, f"cypher:1:{button}:1")
        assert "A moderator has hidden that verse" in only_text(told)
    assert "is gone" in only_text(await press_old_button(stage, "cypher:1:vote:up:1"))
    (embed,) = (await stage.ben.slash(stage.channel, "top")).response.embeds
    assert "slim" not in str(embed.to_dict())
    assert "slim" not in "".join(each.getMessage() for each in caplog.records)
    await decide(stage, queued if is_in_queue else card, "unhide")
    assert shown(stage, card).embeds[0]["description"] == before
    assert shown(stage, card).components[0]["components"][0]["label"] == "1"

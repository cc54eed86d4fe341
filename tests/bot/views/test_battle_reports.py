"""🚩 under a battle: moderators see both sides of it, and what they hide the referee lets be."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import HiddenBattle, NoSuchBattle
from bot.store import Subject
from tests.bot.commands.test_battle import OTHER, after, battle, card, counts, shown, vote
from tests.bot.commands.test_rap import only_text
from tests.bot.conftest import ARTIST, Stage
from tests.bot.views.test_moderation import press_old_button, queue
from tests.bot.views.test_moderation import report as report_verse
from tests.bot.views.test_referee import edits, set_row, settled

BATTLE = Subject("battle", 1)
HIDDEN = "*Hidden by a moderator.*"


async def report(stage: Stage, who: Any, result: Any, words: str = "") -> Any:
    opened = await who.click(result.response, custom_id="cypher:1:report:1:battle")
    return await who.submit_modal(opened, {"kind": ["hate"], "words": words})


async def decide(stage: Stage, message: Any, decision: str) -> Any:
    return await stage.admin.click(message, custom_id=f"cypher:1:case:{decision}:1:battle")


async def is_hidden(stage: Stage) -> bool:
    stored = await stage.store.battles.get(1)
    assert stored is not None
    return stored.is_hidden


async def test_the_flag_is_below_the_vote_and_stays_there(stage: Stage) -> None:
    result = await battle(stage)
    await vote(stage, stage.ben, result, "a")
    stored = stage.world.env.backend.get_message(stage.channel.id, result.response.id)
    ids = [[each["custom_id"] for each in row["components"]] for row in stored.components]
    assert ids == [
        ["cypher:1:battle:a:1", "cypher:1:battle:b:1"],
        ["cypher:1:report:1:battle"],
    ]
    async with after(stage, minutes=6):
        await shown(stage, result, "wins, 1 to 0")
        assert "Thank you" in only_text(await report(stage, stage.chen, result))


async def test_a_reported_battle_waits_behind_the_verses_with_both_sides(stage: Stage) -> None:
    verse = (await stage.rap()).response
    await report_verse(stage, stage.chen, verse)
    result = await battle(stage)
    assert "Thank you" in only_text(await report(stage, stage.chen, result, words="*mean*"))
    assert "reported this already" in only_text(await report(stage, stage.chen, result))
    queued = await queue(stage)
    assert "2 verses, battles and beats to look at" in str(queued.embeds[0].footer.text)
    turned = await stage.admin.click(queued, custom_id="cypher:1:case:next:1")
    (embed,) = turned.response.embeds
    assert embed.title == f"🚩 ⚔️ {ARTIST} against {OTHER}"
    assert embed.description.startswith("||🅰️ slim")
    assert embed.description.count("🅱️ ") == 2
    assert "Hateful, or an attack on somebody: \\*mean\\*" in embed.fields[0].value
    assert embed.fields[1].value == f"<@{stage.ben.id}>"
    again = await decide(stage, turned.response, "next")
    assert again.response.embeds[0].title == f"🚩 {ARTIST}"


async def test_one_message_tells_the_moderators_channel_and_only_they_decide(stage: Stage) -> None:
    await stage.store.guilds.set(stage.channel.guild.id, moderation_channel_id=stage.channel.id)
    result = await battle(stage)
    await report(stage, stage.chen, result)
    notice = stage.channel.last_message
    await report(stage, stage.ben, result)
    assert stage.channel.last_message.id == notice.id
    pressed = await stage.ben.click(notice, custom_id="cypher:1:case:hide:1:battle")
    assert "Only admins" in only_text(pressed)
    assert not await is_hidden(stage)
    await decide(stage, notice, "dismiss")
    assert "Who wins?" in card(stage, result)["description"]
    assert "No report is open" in (await queue(stage)).embeds[0].title


async def test_a_hidden_battle_takes_no_votes_and_comes_back_with_them(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    result = await battle(stage)
    await vote(stage, stage.ben, result, "a")
    before = card(stage, result)
    await report(stage, stage.chen, result)
    await decide(stage, await queue(stage), "hide")
    hidden = card(stage, result)
    assert hidden["description"] == HIDDEN
    assert "slim" not in str(hidden)
    assert "machine-made" in hidden["footer"]["text"]
    pressed = await stage.ben.click(result.response, custom_id="cypher:1:case:unhide:1:battle")
    assert "Only admins" in only_text(pressed)
    for old in ("battle:a:1", "report:1:battle"):
        told = only_text(await press_old_button(stage, f"cypher:1:{old}"))
        assert told == str(HiddenBattle())
    assert (await stage.store.battles.count(1)).a == 1
    assert "slim" not in "".join(each.getMessage() for each in caplog.records)
    await decide(stage, result.response, "unhide")
    assert card(stage, result) == before
    assert counts(stage, result) == ("1", "0")
    await vote(stage, stage.chen, result, "b")
    assert counts(stage, result) == ("1", "1")


async def test_neither_the_end_nor_a_restart_brings_a_hidden_battle_back(stage: Stage) -> None:
    result = await battle(stage)
    await vote(stage, stage.ben, result, "a")
    await report(stage, stage.chen, result)
    await decide(stage, await queue(stage), "hide")
    # Left by a process before: an open vote would be shown again at the start.
    await set_row(stage, 1, created_at=datetime.now(UTC) - timedelta(hours=1))
    num_edits = edits(stage, result)
    await stage.restart()
    await asyncio.sleep(0.05)
    async with after(stage, minutes=6):
        await settled(stage)
        stored = await stage.store.battles.get(1)
        assert stored is not None
        assert stored.state == "decided"  # so that its words go when they are old
        assert edits(stage, result) == num_edits
        assert card(stage, result)["description"] == HIDDEN
        await decide(stage, result.response, "unhide")
        await shown(stage, result, f"**{ARTIST}** wins, 1 to 0")


async def test_what_is_hidden_while_its_result_is_drawn_stays_hidden(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = await battle(stage)
    count = stage.store.battles.count

    async def hidden_meanwhile(*arguments: Any) -> Any:
        await stage.store.battles.hide(1, stage.admin.id)
        return await count(*arguments)

    monkeypatch.setattr(stage.store.battles, "count", hidden_meanwhile)
    async with after(stage, minutes=6):
        await settled(stage)
    assert card(stage, result)["description"] == HIDDEN


async def test_who_asked_and_who_reported_can_be_banned(stage: Stage) -> None:
    result = await battle(stage)
    await report(stage, stage.chen, result)
    await decide(stage, await queue(stage), "banreporters")
    refused = "not to serve you"
    assert refused in only_text(await stage.chen.slash(stage.channel, "top"))
    assert "Who wins?" in card(stage, result)["description"]
    await report(stage, stage.admin, result)
    await decide(stage, await queue(stage), "banasker")
    assert card(stage, result)["description"] == HIDDEN
    assert refused in only_text(await stage.rap())


async def test_reports_of_battles_stay_in_their_server_and_count_for_the_day(stage: Stage) -> None:
    await battle(stage)
    reports, guild = stage.store.reports, stage.channel.guild.id
    with pytest.raises(NoSuchBattle):
        await reports.add(BATTLE, guild + 1, stage.chen.id, "other", 1)
    await reports.add(BATTLE, guild, stage.chen.id, "other", 1)
    assert (await reports.num_cases(guild), await reports.num_cases(guild + 1)) == (1, 0)
    assert await reports.next_case(guild + 1) is None
    assert (await reports.case(BATTLE, guild + 1)).reports == ()
    await set_row(stage, 1, guild_id=guild + 1)
    for old in ("report:1:battle", "case:hide:1:battle"):
        pressed = await press_old_button(stage, f"cypher:1:{old}", stage.admin)
        assert only_text(pressed) == str(NoSuchBattle(1))
    assert not await is_hidden(stage)


async def test_a_verse_and_a_battle_of_one_number_are_two_cases(stage: Stage) -> None:
    verse = (await stage.rap()).response
    result = await battle(stage)
    await report_verse(stage, stage.chen, verse)
    await report(stage, stage.chen, result)
    turned = await stage.admin.click(await queue(stage), custom_id="cypher:1:case:next:1")
    await decide(stage, turned.response, "hide")
    left = await stage.store.reports.next_case(stage.channel.guild.id)
    assert left is not None
    assert left.subject == Subject("verse", 1)
    stored = await stage.store.verses.get(1)
    assert stored is not None
    assert not stored.is_hidden

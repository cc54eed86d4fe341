"""The referee ends what is due, once, whatever is gone and whatever crashes."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.store.battle_tables import BattleRow
from bot.views import referee
from tests.bot.commands.test_battle import after, battle, card, shown, vote
from tests.bot.conftest import Stage


async def set_row(stage: Stage, battle_id: int, **values: Any) -> None:
    async with stage.store.database.writer() as session:
        await session.execute(update(BattleRow).where(BattleRow.id == battle_id).values(**values))


async def settled(stage: Stage) -> None:
    """Waits until nothing is left to show."""
    assert stage.app.bot is not None
    assert stage.app.bot.application_id is not None
    async with asyncio.timeout(5):
        while await stage.store.battles.unsettled(stage.app.bot.application_id):
            await asyncio.sleep(0.005)


def edits(stage: Stage, result: Any) -> int:
    """Of the card, as the bot's own message."""
    path = f"/channels/{stage.channel.id}/messages/{result.response.id}"
    requests = stage.world.env.http_requests
    return sum(each.method == "PATCH" and each.path.endswith(path) for each in requests)


async def test_the_end_comes_by_itself(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(referee, "_PAUSE", timedelta(0))
    result = await battle(stage)
    await set_row(stage, 1, ends_at=datetime.now(UTC) + timedelta(seconds=0.3))
    stage.app.services.referee.note_news()
    await shown(stage, result, "Nobody voted")
    await settled(stage)
    assert edits(stage, result) == 1


async def test_what_ended_while_the_bot_was_down_is_shown_at_the_next_start(stage: Stage) -> None:
    result = await battle(stage)
    await vote(stage, stage.ben, result, "a")
    await set_row(stage, 1, ends_at=datetime.now(UTC) - timedelta(days=2))
    await stage.restart()
    await shown(stage, result, "wins, 1 to 0")
    await settled(stage)
    assert edits(stage, result) == 1


async def test_a_result_that_could_not_be_noted_is_shown_again_and_is_the_same(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = await battle(stage)
    await vote(stage, stage.ben, result, "a")
    settle = stage.store.battles.settle
    failures = ["the disk is full"]

    async def fail_once(battle_id: int) -> None:
        if failures:
            raise OSError(failures.pop())
        await settle(battle_id)

    monkeypatch.setattr(stage.store.battles, "settle", fail_once)
    async with after(stage, minutes=6):
        await shown(stage, result, "wins, 1 to 0")
    before = card(stage, result)["description"]
    await stage.restart()
    await settled(stage)
    assert card(stage, result)["description"] == before
    assert edits(stage, result) == 2
    stage.app.services.referee.note_news()
    await asyncio.sleep(0.05)
    assert edits(stage, result) == 2


async def test_a_deleted_card_and_a_lost_channel_do_not_stop_the_others(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    deleted, lost, fine = await battle(stage), await battle(stage), await battle(stage)
    await stage.admin.delete(deleted.response)
    await set_row(stage, 2, channel_id=404, guild_id=None)
    async with after(stage, minutes=6):
        await shown(stage, fine, "Nobody voted")
        await settled(stage)
    assert caplog.text.count("has no card any more") == 2
    assert "Who wins?" in card(stage, lost)["description"]


async def test_while_discord_is_down_the_result_waits(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = await battle(stage)
    show, outages = referee._show, ["down"]

    async def down_at_first(*arguments: Any) -> bool:
        if outages:
            raise OSError(outages.pop())
        return await show(*arguments)

    monkeypatch.setattr(referee, "_show", down_at_first)
    async with after(stage, minutes=6):
        async with asyncio.timeout(5):
            while outages:
                await asyncio.sleep(0.005)
        await stage.app.services.background.drain()
        assert "Who wins?" in card(stage, result)["description"]
        stage.app.services.referee.note_news()
        await shown(stage, result, "Nobody voted")


async def test_what_a_killed_bot_was_writing_is_called_off_at_the_next_start(stage: Stage) -> None:
    result = await battle(stage)
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    await set_row(stage, 1, state="writing", ends_at=None, parts=[], created_at=long_ago)
    await stage.restart()
    await shown(stage, result, "broke off")
    stored = await stage.store.battles.get(1)
    assert stored is not None
    assert stored.state == "cancelled"


async def test_what_is_being_written_now_is_let_be(stage: Stage) -> None:
    result = await battle(stage)
    await set_row(stage, 1, state="writing", ends_at=None)
    await stage.restart()
    await asyncio.sleep(0.05)
    assert edits(stage, result) == 0


async def test_a_vote_that_a_killed_bot_did_not_show_is_shown_once_at_the_next_start(
    stage: Stage,
) -> None:
    result = await battle(stage)
    await set_row(stage, 1, created_at=datetime.now(UTC) - timedelta(hours=1))
    async with after(stage):
        await stage.restart()
        async with asyncio.timeout(5):
            while not edits(stage, result):
                await asyncio.sleep(0.005)
    await stage.restart()
    await asyncio.sleep(0.05)
    assert edits(stage, result) == 1
    await vote(stage, stage.ben, result, "a")


async def test_cards_of_another_application_are_let_be(stage: Stage) -> None:
    result = await battle(stage)
    await set_row(stage, 1, application_id=5)
    async with after(stage, minutes=6):
        await asyncio.sleep(0.05)
    assert edits(stage, result) == 0


async def test_who_stands_back_shows_nothing(stage: Stage) -> None:
    stage.app.services.referee._client = None
    stage.app.services.referee.stand_back()
    result = await battle(stage)
    await set_row(stage, 1, ends_at=datetime.now(UTC) - timedelta(days=2))
    await stage.restart()
    await asyncio.sleep(0.05)
    assert edits(stage, result) == 0

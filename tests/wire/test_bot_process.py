"""The real process over real sockets: its connection, its answers, its end."""

import asyncio
import signal
from typing import Any

import pytest

from tests.wire.conftest import Start
from tests.wire.rest import Exchange, rate_limited, too_late, unavailable
from tests.wire.wire_discord import WireDiscord

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

BEN, CHEN = 11, 12

# discord.py believes in a connection for 60 s after it last heard of it.
BELIEVES_FOR_3_S = """
from discord.state import ConnectionState
ConnectionState.heartbeat_timeout = property(lambda state: 3.0, lambda state, seconds: None)
"""

# However busy the machine is, the verses are done before it gives up.
PATIENT = """
import bot.commands.client
bot.commands.client._DRAIN_S = 80.0
"""


async def rap(discord: WireDiscord) -> Exchange:
    exchange = await discord.slash(BEN, "rap", seed="slim", artist="Mara Quill")
    await ended(exchange)
    return exchange


async def ended(exchange: Exchange) -> None:
    async with asyncio.timeout(60):
        await exchange.ended.wait()


def vote_button(message: dict[str, Any]) -> dict[str, Any]:
    button: dict[str, Any] = message["components"][0]["components"][0]
    return button


async def test_verses_votes_and_commands_outlive_a_kill(discord: WireDiscord, start: Start) -> None:
    async with start() as bot:
        await discord.gateway.until_opened("identify")
        verse = await rap(discord)
        assert "slim" in verse.told
        custom_id = vote_button(verse.shown)["custom_id"]
        vote = await discord.press(BEN, verse.reply, custom_id)
        await ended(vote)
        assert vote_button(vote.shown)["label"] == "1"
        assert await bot.stop(signal.SIGKILL) == -signal.SIGKILL
    async with start() as bot:
        await discord.gateway.until_opened("identify", "identify")
        vote = await discord.press(CHEN, verse.reply, custom_id)
        await ended(vote)
        assert vote_button(vote.shown)["label"] == "2"
        assert discord.rest.num_syncs == 1
        assert await bot.stop() == 0
        assert "Traceback" not in bot.output


async def test_a_first_connection_that_is_refused_is_tried_again(
    discord: WireDiscord, start: Start
) -> None:
    discord.gateway.num_refused = 1
    async with start() as bot:
        await discord.gateway.until_opened("identify")
        assert "slim" in (await rap(discord)).told
        assert await bot.stop() == 0
        assert "Discord cannot be reached (no answer from the gateway)" in bot.output


async def test_a_broken_connection_is_taken_up_where_it_broke(
    discord: WireDiscord, start: Start
) -> None:
    gateway = discord.gateway
    async with start():
        await gateway.until_opened("identify")
        await gateway.close(4000)
        missed = await discord.slash(BEN, "rap", seed="slim", artist="Mara Quill")
        await gateway.until_opened("identify", "resume")
        await ended(missed)
        await gateway.ask_to_reconnect()
        await gateway.until_opened("identify", "resume", "resume")
        gateway.knows_session = False
        await gateway.close(4000)
        await gateway.until_opened("identify", "resume", "resume", "identify")
        await rap(discord)


async def test_a_gateway_that_answers_no_heartbeat_is_left_and_the_session_resumed(
    discord: WireDiscord, start: Start
) -> None:
    gateway = discord.gateway
    gateway.heartbeat_s = 0.5
    async with start(after=BELIEVES_FOR_3_S) as bot:
        await gateway.until_opened("identify")
        heard = gateway.num_beats
        async with asyncio.timeout(60):
            while gateway.num_beats < heard + 10:  # longer than it would believe in silence
                await asyncio.sleep(0.1)
        assert gateway.opened == ["identify"]
        gateway.answers_beats = False
        await gateway.until_opened("identify", "resume")
        gateway.answers_beats = True
        assert "slim" in (await rap(discord)).told
        assert "Traceback" not in bot.output


async def test_faults_of_discord_delay_an_answer_and_no_more(
    discord: WireDiscord, start: Start
) -> None:
    async with start() as bot:
        await discord.gateway.until_opened("identify")
        discord.rest.faults.extend([unavailable(), rate_limited(0.2)])
        assert "slim" in (await rap(discord)).told
        discord.rest.faults.append(too_late())
        unheard = await discord.slash(BEN, "rap", seed="slim", artist="Mara Quill")
        await rap(discord)
        assert not unheard.shown
        assert "Traceback" not in bot.output


async def test_a_bot_that_is_stopped_finishes_what_members_wait_for(
    discord: WireDiscord, start: Start
) -> None:
    async with start(after=PATIENT) as bot:
        await discord.gateway.until_opened("identify")
        asked = [
            await discord.slash(user, "rap", seed="slim", artist="Mara Quill", lines=32)
            for user in range(20, 24)
        ]
        async with asyncio.timeout(60):
            while any(each.acknowledged_at is None for each in asked):
                await asyncio.sleep(0.01)
        assert await bot.stop(within_s=90) == 0
        assert all(each.ended_at is not None for each in asked)


@pytest.mark.parametrize("fault", ["token", "close code"])
async def test_what_only_the_operator_can_mend_ends_the_process_with_a_remedy(
    discord: WireDiscord, start: Start, fault: str
) -> None:
    if fault == "token":
        discord.rest.token = "another"
    else:
        discord.gateway.closes_with = 4014
    async with start() as bot:
        assert await bot.ended() == 2
        remedy = "DISCORD_TOKEN" if fault == "token" else "privileged intent"
        assert remedy in bot.output
        assert "Traceback" not in bot.output

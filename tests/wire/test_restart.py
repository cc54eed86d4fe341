"""A request that a bot did not live to answer is answered by the next one, on real sockets."""

import asyncio
import signal
import sqlite3
from pathlib import Path

import pytest

from tests.wire.conftest import Start
from tests.wire.rest import Exchange
from tests.wire.wire_discord import WireDiscord

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

BEN, CHEN = 11, 12

# A verse that takes for ever, and a bot that waits six seconds for it.
NEVER_WRITES = """
import asyncio
import bot.commands.client
from bot.generation import GenerationService
bot.commands.client._DRAIN_S = 6.0
async def generate(*args, **kwargs):
    await asyncio.Event().wait()
GenerationService.generate = generate
"""
# A verse that is stored and never shown.
NEVER_SHOWS = """
import asyncio
import bot.views.performance
async def show(*args):
    await asyncio.Event().wait()
bot.views.performance._show = show
"""


async def until(table: str, data: Path, num_rows: int = 1) -> None:
    """Until so many rows are on the disk."""
    async with asyncio.timeout(30):
        while True:
            connection = sqlite3.connect(data / "cypher.db")
            (found,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            connection.close()
            if found == num_rows:
                return
            await asyncio.sleep(0.02)


async def ended(exchange: Exchange) -> None:
    async with asyncio.timeout(60):
        await exchange.ended.wait()


async def test_a_killed_bots_requests_are_answered_once_by_the_next(
    discord: WireDiscord, start: Start, tmp_path: Path
) -> None:
    async with start(after=NEVER_WRITES) as bot:
        await discord.gateway.until_opened("identify")
        asked = await discord.slash(BEN, "rap", seed="slim", artist="Mara Quill")
        await until("pending_requests", tmp_path / "data")
        assert not asked.shown
        await bot.stop(signal.SIGKILL)
    async with start(after=NEVER_SHOWS) as bot:
        await discord.gateway.until_opened("identify", "identify")
        await until("verses", tmp_path / "data")
        await bot.stop(signal.SIGKILL)
    assert not asked.shown
    async with start() as bot:
        await ended(asked)
        assert "slim" in asked.told
        await until("verses", tmp_path / "data")  # it is shown, and not made anew
        await until("pending_requests", tmp_path / "data", 0)
        assert await bot.stop() == 0
        assert "Traceback" not in bot.output
    assert not discord.rest.sent


async def test_a_stopped_bot_leaves_what_takes_too_long_to_the_next(
    discord: WireDiscord, start: Start, tmp_path: Path
) -> None:
    async with start(after=NEVER_WRITES) as bot:
        await discord.gateway.until_opened("identify")
        asked = await discord.slash(BEN, "rap", seed="slim", artist="Mara Quill")
        await until("pending_requests", tmp_path / "data")
        bot.process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.3)  # of the seconds that it waits
        late = await discord.slash(CHEN, "rap", seed="salt", artist="Mara Quill")
        await ended(late)
        assert "I am restarting" in late.told
        assert await bot.ended(20) == 0
        assert not asked.shown
        assert "Traceback" not in bot.output
    async with start() as bot:
        await ended(asked)
        assert "slim" in asked.told
        assert await bot.stop() == 0


async def test_a_request_whose_token_is_dead_is_apologised_for_in_the_channel(
    discord: WireDiscord, start: Start, tmp_path: Path
) -> None:
    async with start(after=NEVER_WRITES) as bot:
        await discord.gateway.until_opened("identify")
        asked = await discord.slash(BEN, "rap", seed="slim", artist="Mara Quill")
        await until("pending_requests", tmp_path / "data")
        await bot.stop(signal.SIGKILL)
    del discord.rest.exchanges[asked.interaction["token"]]
    async with start():
        async with asyncio.timeout(30):
            while not discord.rest.sent:
                await asyncio.sleep(0.02)
        (apology,) = discord.rest.sent
        assert "one request from here is lost" in apology["content"]
        assert apology["allowed_mentions"] == {"parse": []}
        await until("pending_requests", tmp_path / "data", 0)

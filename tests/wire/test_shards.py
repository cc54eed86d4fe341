"""A bot on three shards: each has its servers, its session and its own troubles."""

import asyncio

import pytest

from tests.wire.conftest import Start
from tests.wire.rest import Exchange
from tests.wire.wire_discord import WireDiscord

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

# Discord wants five seconds between two that identify.
AT_ONCE = """
import discord
async def at_once(*args, **kwargs):
    pass
discord.Client.before_identify_hook = at_once
"""


async def rap(discord: WireDiscord, shard: int) -> Exchange:
    exchange = await discord.slash_on(shard, 11, "rap", seed="slim", artist="Mara Quill")
    async with asyncio.timeout(60):
        await exchange.ended.wait()
    return exchange


@pytest.mark.parametrize("num_shards", [3, 0])
async def test_each_shard_answers_and_one_that_reconnects_leaves_the_others(
    discord: WireDiscord, start: Start, num_shards: int
) -> None:
    discord.rest.num_shards = 3
    gateway = discord.gateway
    async with start(after=AT_ONCE, settings=f"[discord]\nshards = {num_shards}") as bot:
        opened = ["identify", "identify 1", "identify 2"]
        await gateway.until_opened(*opened)
        assert [("slim" in (await rap(discord, shard)).told) for shard in range(3)] == [True] * 3
        connections = [gateway.sessions[shard].connection for shard in (0, 2)]
        await gateway.close(4000, shard=1)
        missed = await discord.slash_on(1, 12, "rap", seed="salt", artist="Mara Quill")
        await gateway.until_opened(*opened, "resume 1")
        async with asyncio.timeout(60):
            await missed.ended.wait()
        assert "salt" in missed.told
        assert connections == [gateway.sessions[shard].connection for shard in (0, 2)]
        assert "slim" in (await rap(discord, 0)).told
        await bot.until_told("in 3 servers")
        assert await bot.stop() == 0
        assert "Traceback" not in bot.output

"""A small Discord on loopback: real sockets, TLS and the gateway's protocol, one bot, one channel.

It stands where discord.com and gateway.discord.gg would stand, for a process that is started with
`environment`: a CONNECT proxy leads both names here. What it says is what Cypher was seen to need;
that is less than Discord, and proves nothing about what else Discord does.
"""

import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from tests.wire import payloads
from tests.wire.certificates import Authority
from tests.wire.gateway import Gateway
from tests.wire.payloads import Payload
from tests.wire.proxy import proxy_to
from tests.wire.rest import Exchange, Rest

TOKEN = "wire.token.of-nobody"


@dataclass
class WireDiscord:
    """`environment` is what a bot must be started with to live here."""

    gateway: Gateway
    rest: Rest
    environment: Mapping[str, str]

    async def slash(self, user_id: int, name: str, **options: str | float) -> Exchange:
        """Somebody types a command."""
        return await self._send(payloads.slash(user_id, name, options))

    async def slash_on(self, shard: int, user_id: int, name: str, **options: str) -> Exchange:
        """The same in the server of a shard."""
        return await self._send(payloads.slash(user_id, name, options, shard=shard), shard)

    async def press(self, user_id: int, on: Payload, custom_id: str) -> Exchange:
        """Somebody presses a button of the message `on`; an answer may change that message."""
        return await self._send(payloads.press(user_id, on, custom_id))

    async def _send(self, interaction: Payload, shard: int = 0) -> Exchange:
        exchange = Exchange(interaction, time.perf_counter())
        self.rest.exchanges[interaction["token"]] = exchange
        await self.gateway.dispatch("INTERACTION_CREATE", interaction, shard)
        return exchange


@contextlib.asynccontextmanager
async def wire_discord(folder: Path) -> AsyncIterator[WireDiscord]:
    """Until left; its certificates lie in `folder`."""
    authority, gateway, rest = Authority(folder), Gateway(), Rest(TOKEN)
    application = web.Application(middlewares=[rest.middleware])
    application.add_routes([*rest.routes(), web.get("/", gateway.handle)])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        context = authority.server_context
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context, backlog=4096)
        await site.start()
        async with proxy_to(runner.addresses[0][1]) as proxy:
            environment = {
                "DISCORD_TOKEN": TOKEN,
                "DISCORD_PROXY": proxy,
                "SSL_CERT_FILE": str(authority.root),
            }
            yield WireDiscord(gateway, rest, environment)
    finally:
        await runner.cleanup()

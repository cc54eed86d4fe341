"""The connection to Discord is tried again while that may help, and not beyond."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

import aiohttp
import discord
import pytest

from bot.app import App
from bot.errors import DiscordError
from bot.gateway import stay_connected


class Reply:
    """As much of an HTTP answer as discord.py's errors look at."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.reason = "no"


class Socket:
    """As much of a closed connection as discord.py's error looks at."""

    close_code = 4013


@dataclass
class ScriptedBot:
    """A client whose first steps go as written; `ws` is what discord.py leaves of a connection."""

    login_error: Exception | None = None
    connect_error: Exception | None = None
    ws: Any = None
    is_closed: bool = False

    async def login(self, token: str) -> None:
        if self.login_error is not None:
            raise self.login_error

    async def connect(self) -> None:
        if self.connect_error is not None:
            raise self.connect_error

    async def close(self) -> None:
        self.is_closed = True


@dataclass
class ScriptedApp:
    bots: list[ScriptedBot]
    made: list[ScriptedBot] = field(default_factory=list)

    def new_bot(self) -> ScriptedBot:
        self.made.append(self.bots[len(self.made)])
        return self.made[-1]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(delay_s: float) -> None:
        assert delay_s >= 0

    monkeypatch.setattr(asyncio, "sleep", at_once)


async def run(*bots: ScriptedBot) -> ScriptedApp:
    app = ScriptedApp(list(bots))
    await stay_connected(cast("App", app), "token")
    return app


@pytest.mark.parametrize(
    "first",
    [
        ScriptedBot(login_error=OSError("no network")),
        ScriptedBot(login_error=aiohttp.ClientConnectionError()),
        ScriptedBot(login_error=discord.DiscordServerError(cast("Any", Reply(503)), "down")),
        ScriptedBot(login_error=discord.HTTPException(cast("Any", Reply(429)), "slow down")),
        ScriptedBot(connect_error=TimeoutError()),
        # What discord.py raises after a first connection that failed: it has no socket yet.
        ScriptedBot(connect_error=AttributeError("'NoneType' object has no attribute 'sequence'")),
    ],
)
async def test_a_failed_first_attempt_is_repeated_with_a_new_client(first: ScriptedBot) -> None:
    app = await run(first, ScriptedBot())
    assert len(app.made) == 2
    assert all(bot.is_closed for bot in app.made)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (discord.LoginFailure("bad"), "does not accept the token"),
        (discord.Forbidden(cast("Any", Reply(403)), "Missing Access"), "applications.commands"),
        (discord.PrivilegedIntentsRequired(None), "privileged intent"),
        (discord.ConnectionClosed(cast("Any", Socket()), shard_id=None), "code 4013"),
    ],
)
async def test_what_waiting_does_not_mend_stops_with_a_remedy(error: Exception, told: str) -> None:
    bot = ScriptedBot(login_error=error)
    with pytest.raises(DiscordError, match=told) as raised:
        await run(bot)
    assert raised.value.remedy
    assert bot.is_closed


async def test_an_error_of_ours_is_not_taken_for_a_failed_connection() -> None:
    with pytest.raises(AttributeError):
        await run(ScriptedBot(connect_error=AttributeError("ours"), ws=object()))

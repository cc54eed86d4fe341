"""Two servers and thirty members on one simulated Discord, and what they do there."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import simcord

from bot.app import App, build
from bot.config import Config
from bot.local import simulated_discord
from bot.store import Store, TrainingRun

_NUM_HERE, _NUM_THERE = 20, 10
_MINUTES = 3


@dataclass
class Server:
    """One server with its admin and its members."""

    channel: Any
    admin: Any
    members: list[Any]

    @property
    def id(self) -> int:
        number: int = self.channel.guild.id
        return number

    async def rap(self, who: int, seed: str, artist: str) -> Any:
        return await self.members[who].slash(self.channel, "rap", seed=seed, artist=artist)

    async def submit(self, who: int, artist: str, title: str, lyrics: str, **typed: Any) -> Any:
        member = self.members[who]
        shown = await member.slash(self.channel, "submit", artist=artist)
        if shown.modal is None:
            return shown
        values = {"title": title, "lyrics": lyrics, "consent": True, **typed}
        return await member.submit_modal(shown, values)

    async def suggested(self, typed: str) -> list[str]:
        offered = await self.members[0].autocomplete(self.channel, "rap", "artist", typed)
        return [each["name"] for each in offered]


@dataclass
class Town:
    """The bot between two starts, in two servers."""

    app: App
    env: simcord.Env
    here: Server
    there: Server
    requests: list[simcord.HttpLogEntry] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.app.services.store

    @property
    def live(self) -> str:
        return self.app.services.generation.live_version

    def new_account(self) -> simcord.MemberActor:
        """Somebody who came to Discord just now, and here at once."""
        user = self.env.create_user("newcomer")
        member: simcord.MemberActor = self.here.channel.guild.add_member(user)
        return member

    async def retrain(self) -> TrainingRun:
        """As the admin, to its verdict."""
        await self.here.admin.slash(self.here.channel, "retrain")
        return await self.trained()

    def _is_training(self, run: TrainingRun) -> bool:
        """The verdict is stored a moment before the next run may begin."""
        return run.state == "running" or self.app.services.retraining.current is not None

    async def trained(self) -> TrainingRun:
        """How the run that goes on has ended, and the next may begin."""
        async with asyncio.timeout(60 * _MINUTES):
            while (run := await self.store.training_runs.latest()) and self._is_training(run):
                await asyncio.sleep(0.1)
            await self.app.services.background.drain()
        assert run is not None
        return run


@contextlib.asynccontextmanager
async def town(config: Config) -> AsyncIterator[Town]:
    """From a start of the bot to its end. Members have the same numbers after every start."""
    names = ["dora", *(f"member{number}" for number in range(_NUM_HERE + _NUM_THERE))]
    async with build(config) as app, simulated_discord(app, strangers=names) as world:
        env, guild = world.env, world.channel.guild
        assert guild is not None
        owner, *people = world.strangers
        members = [guild.add_member(each) for each in people[:_NUM_HERE]]
        here = Server(world.channel, world.admin, members)
        other = env.create_guild("Another", owner=owner)
        channel = other.create_text_channel("another")
        there = Server(
            channel,
            simcord.MemberActor(env, other, owner),
            [other.add_member(each) for each in people[_NUM_HERE:]],
        )
        await env.settle()
        yield Town(app, env, here, there)


def failures(records: Sequence[logging.LogRecord]) -> list[str]:
    return [
        record.getMessage()
        for record in records
        if record.levelno >= logging.ERROR and record.name.startswith(("bot", "discord"))
    ]

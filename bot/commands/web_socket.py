"""Takes the gateway's events a few at a time, however many have come at once."""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

import discord.client
import discord.shard
from discord.gateway import DiscordWebSocket

EVENTS_AT_ONCE = 16


class PatientWebSocket(DiscordWebSocket):
    """discord.py reads all that has come before anything else may run, and starts a task for each.

    After a thousand events the event loop would be busy for long with reading, and then once more
    with the first steps of a thousand tasks.
    """

    _num_events = 0

    async def received_message(self, msg: Any, /) -> None:
        await super().received_message(msg)
        self._num_events += 1
        if self._num_events % EVENTS_AT_ONCE == 0:
            await asyncio.sleep(0)


@contextlib.contextmanager
def patient_reading() -> Iterator[None]:
    """While entered, new connections read so. discord.py asks nobody which class to take."""
    modules = [vars(discord.client), vars(discord.shard)]
    originals = [module["DiscordWebSocket"] for module in modules]
    for module in modules:
        module["DiscordWebSocket"] = PatientWebSocket
    try:
        yield
    finally:
        for module, original in zip(modules, originals, strict=True):
            module["DiscordWebSocket"] = original

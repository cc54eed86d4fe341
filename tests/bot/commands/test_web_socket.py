"""A crowd's events are read a few at a time, and the event loop is there for others in between."""

import asyncio
import json
from typing import Any, cast

import discord.client
import pytest
from discord.gateway import DiscordWebSocket

from bot.commands.web_socket import EVENTS_AT_ONCE, PatientWebSocket, patient_reading


def connection(seen: list[Any]) -> PatientWebSocket:
    """Whose events are handed to `seen`; there is no socket behind it."""
    made = PatientWebSocket(cast("Any", None), loop=asyncio.get_running_loop())
    made.shard_id, made._discord_parsers = None, {"SOMETHING": seen.append}
    return made


def event(number: int) -> str:
    return json.dumps({"op": 0, "t": "SOMETHING", "s": number, "d": number})


async def test_between_many_events_everything_else_has_its_turn() -> None:
    seen: list[int] = []
    seen_by_others: list[int] = []
    web_socket = connection(seen)

    async def look() -> None:
        while True:
            seen_by_others.append(len(seen))
            await asyncio.sleep(0)

    looking = asyncio.create_task(look())
    for number in range(10 * EVENTS_AT_ONCE):
        await web_socket.received_message(event(number))
    looking.cancel()
    assert seen == [*range(10 * EVENTS_AT_ONCE)]
    assert set(range(0, len(seen), EVENTS_AT_ONCE)) - {0} <= set(seen_by_others)


async def test_a_single_event_waits_for_nothing() -> None:
    seen: list[int] = []
    reading = connection(seen).received_message(event(7))
    with pytest.raises(StopIteration):
        reading.send(None)
    assert seen == [7]


def test_discord_py_takes_our_class_while_it_is_told_to() -> None:
    module = vars(discord.client)
    with patient_reading():
        assert module["DiscordWebSocket"] is PatientWebSocket
    assert module["DiscordWebSocket"] is DiscordWebSocket

"""Many members press at once. simcord itself lets one member act at a time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import simcord
from simcord.backend import serializers
from simcord.enums import ComponentType, InteractionType
from simcord.interactions import base_payload

from benchmarks.crash.ledger import Rows
from bot.local import World

_SECONDS_BETWEEN_LOOKS = 0.001
_EMOJI = {1: "👍", -1: "👎"}
_EXPECTED = (None, "update")  # no answer yet, or new counts


@dataclass(frozen=True, slots=True)
class Press:
    """Of a vote button below a message."""

    member: simcord.MemberActor
    message: Any  # simcord's own record of it
    verse: int
    value: Literal[1, -1]


async def press_together(env: simcord.Env, presses: Sequence[Press]) -> AsyncIterator[Press]:
    """Sends all presses before the bot can answer one; yields each as its answer comes.

    Raises RuntimeError for a press that is answered with anything but new counts.
    """
    env._begin_operation("presses")
    try:
        waiting = [(press, _send(env, press)) for press in presses]
        while waiting:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            answered = [press for press, record in waiting if record.responded]
            if odd := [record for _, record in waiting if record.response_kind not in _EXPECTED]:
                raise RuntimeError(f"A vote was answered with {odd[0].response_kind}.")
            waiting = [each for each in waiting if not each[1].responded]
            for press in answered:
                yield press
        await env._settle_internal(dispatch="INTERACTION_CREATE")
    finally:
        env._end_operation()


def old_message(world: World, buttons: Rows) -> simcord.ResponseMessage:
    """One that the bot sent in an earlier life: this one has not seen it."""
    backend = world.env.backend
    sent = backend.create_message(world.channel.id, backend.bot_user.id, "", components=buttons)
    return simcord.ResponseMessage(world.env, sent)


def vote_button(rows: Rows, value: Literal[1, -1]) -> dict[str, Any]:
    buttons = (each for row in rows for each in row["components"])
    return next(each for each in buttons if each.get("emoji", {}).get("name") == _EMOJI[value])


def stored_message(env: simcord.Env, shown: simcord.ResponseMessage) -> Any:
    """simcord's own record of a message: a live one, with the buttons as they stand."""
    return env.backend.get_message(shown.channel_id, shown.id)


def _send(env: simcord.Env, press: Press) -> Any:
    button = vote_button(press.message.components, press.value)
    record, payload = base_payload(
        env.backend,
        type=InteractionType.MESSAGE_COMPONENT,
        channel_id=press.message.channel_id,
        guild_id=press.member.guild.id,
        user_id=press.member.id,
        data={"custom_id": button["custom_id"], "component_type": ComponentType.BUTTON},
    )
    payload["message"] = dict(serializers.message_payload(env.backend, press.message))
    record.source_message_id = press.message.id
    env.backend.emit("INTERACTION_CREATE", payload)
    return record

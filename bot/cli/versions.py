"""versions and rollback: the versions of the model from the terminal, the bot stopped."""

import argparse
import asyncio
import os
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from bot.cli.shared import Commands, add_command, read_config
from bot.errors import OperatorError

if TYPE_CHECKING:
    from bot.config import Config
    from bot.store import CheckpointRecord, Store


def add_parser(commands: Commands) -> None:
    add_command(commands, "versions", "list the versions of the model", show)
    rollback = add_command(
        commands, "rollback", "make an earlier version live, the bot stopped", act
    )
    rollback.add_argument("version", help="which one, as `versions` lists it")


def show(arguments: argparse.Namespace) -> int:
    config = read_config(arguments)
    for line in asyncio.run(_list(config)):
        print(line)
    return 0


def act(arguments: argparse.Namespace) -> int:
    config = read_config(arguments)
    _require_stopped(config)
    print(asyncio.run(_roll_back(config, arguments.version)))
    return 0


def _require_stopped(config: "Config") -> None:
    """A bot that runs has the live version loaded, and would not hear of another."""
    from bot.telemetry.health import read_health

    beat = read_health(config.data_dir)
    if beat.beat and _is_alive(int(beat.beat["pid"])):
        raise OperatorError(
            f"The bot (process {beat.beat['pid']}) runs on {config.data_dir}.",
            "Use /model rollback in Discord, or stop the bot, roll back, and start it again.",
        )


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # alive, and another user's
        return True
    return True


async def _list(config: "Config") -> list[str]:
    async with AsyncExitStack() as stack:
        store = await _open(stack, config)
        withdrawn = await store.versions.with_withdrawn()
        records = await store.checkpoints.all()
        votes = await store.versions.votes([record.version for record in records])
    lines = []
    for record in records:
        count = votes.get(record.version)
        parts = [
            f"{record.version:<16} {record.state:<9}",
            f"{record.created_at:%Y-%m-%d %H:%M} UTC",
            f"from {record.parent}" if record.parent else "the first one",
        ]
        parts += [f"{count.up} up, {count.down} down"] if count else []
        parts += ["of beats"] if record.kind == "beats" else []
        parts += ["pinned"] if record.pinned_at else []
        parts += ["pruned"] if record.pruned_at else []
        parts += ["trained on withdrawn lyrics"] if record.version in withdrawn else []
        lines.append(" · ".join(parts))
    return lines or ["There are no versions yet: the bot has never run on this data folder."]


async def _roll_back(config: "Config", version: str) -> str:
    """The pointer first, which is the truth; the database is only told."""
    from bot.generation.registry import (
        CheckpointRegistry,
        registry_of_beats,
        registry_of_verses,
    )
    from bot.retraining.versions import folder_of

    async with AsyncExitStack() as stack:
        store = await _open(stack, config)
        record = await store.checkpoints.get(version)
        folder = folder_of(config, record) if record else None
        if record is None or folder is None or record.state not in ("retired", "live"):
            raise OperatorError(_refusal(version, record), "See python -m bot versions.")
        registry: CheckpointRegistry[Any] = (
            registry_of_beats(config) if record.kind == "beats" else registry_of_verses(config)
        )
        found = await asyncio.to_thread(registry.load, folder, "cpu")
        if found.version != version:
            raise OperatorError(f"{folder} holds {found.version}.", "Restore it from a backup.")
        await asyncio.to_thread(registry.promote, folder)
        await store.checkpoints.promote(version)
    return f"Version {version} is live from the next start on."


def _refusal(version: str, record: "CheckpointRecord | None") -> str:
    if record is None:
        return f"There is no version {version}."
    if record.state not in ("retired", "live"):
        return f"Version {version} was never live ({record.state})."
    return f"Nothing is left of version {version} on the disk."


async def _open(stack: AsyncExitStack, config: "Config") -> "Store":
    from bot.store import open_store

    return await stack.enter_async_context(open_store(config.database.url))

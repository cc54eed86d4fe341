"""Tells Discord about the commands, but only when they changed: syncing is rationed."""

import logging
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.http import Route

logger = logging.getLogger(__name__)

# What one side says and the other does not, or says in another form.
_IGNORED = frozenset({"id", "application_id", "guild_id", "version", "dm_permission", "nsfw"})


async def sync_if_changed(tree: app_commands.CommandTree[Any], guild_ids: Sequence[int]) -> bool:
    """To these servers, or everywhere when none are named. Whether there was anything to tell."""
    if not guild_ids:
        return await _sync(tree, None)
    changed = False
    for guild in map(discord.Object, guild_ids):
        tree.copy_global_to(guild=guild)
        changed |= await _sync(tree, guild)
    return changed


async def _sync(tree: app_commands.CommandTree[Any], guild: discord.Object | None) -> bool:
    if _by_name(await _present(tree.client, guild)) == _by_name(await _wanted(tree, guild)):
        return False
    await tree.sync(guild=guild)
    logger.info("Told Discord of the commands, server %s", guild.id if guild else "any")
    return True


async def _present(client: discord.Client, guild: discord.Object | None) -> list[dict[str, Any]]:
    """What Discord knows.

    discord.py 2.7's own `fetch_commands` asks for no translations and loses the contexts.
    """
    server = f"/guilds/{guild.id}" if guild else ""
    route = Route("GET", f"/applications/{client.application_id}{server}/commands")
    found: list[dict[str, Any]] = await client.http.request(
        route, params={"with_localizations": "true"}
    )
    return found


async def _wanted(
    tree: app_commands.CommandTree[Any], guild: discord.Object | None
) -> list[dict[str, Any]]:
    commands = tree.get_commands(guild=guild)
    if tree.translator is None:
        return [command.to_dict(tree) for command in commands]
    return [await command.get_translated_payload(tree, tree.translator) for command in commands]


def _by_name(commands: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {command["name"]: _significant(command) for command in commands}


def _significant(value: Any) -> Any:
    """Without what is empty or false (Discord leaves that out) and what is not ours to set."""
    if isinstance(value, dict):
        pairs = ((str(key), _significant(each)) for key, each in value.items())
        kept = {key: each for key, each in pairs if each and key not in _IGNORED}
        # We send a number, and Discord sends back text.
        if permissions := kept.get("default_member_permissions"):
            kept["default_member_permissions"] = str(permissions)
        return kept
    if isinstance(value, list):
        return [_significant(each) for each in value]
    return value

"""artists list, remove and restore: whom no server may ask for."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from bot.cli.shared import Commands, add_command, read_config

if TYPE_CHECKING:
    from bot.store import Store

T = TypeVar("T")


def add_parser(commands: Commands) -> None:
    artists = commands.add_parser("artists", help="remove an artist on request, for all servers")
    orders = artists.add_subparsers(dest="order", required=True, metavar="ORDER")
    add_command(orders, "list", "list who was removed, and where", _list)
    remove = add_command(orders, "remove", "let nobody ask for an artist any more", _remove)
    remove.add_argument("name")
    remove.add_argument("--reason", help="why, for this list")
    restore = add_command(orders, "restore", "take a removal back", _restore)
    restore.add_argument("name")


def _list(arguments: argparse.Namespace) -> int:
    async def lines(store: "Store") -> str:
        return "\n".join(
            f"{each.name}: {'everywhere' if each.guild_id is None else f'server {each.guild_id}'},"
            f" {each.created_at:%Y-%m-%d}{f' ({each.reason})' if each.reason else ''}"
            for each in await store.removals.all()
        )

    print(_with_store(arguments, lines) or "Nobody was removed.")
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    async def remove(store: "Store") -> bool:
        return await store.removals.add(arguments.name, None, reason=arguments.reason)

    if not _with_store(arguments, remove):
        print(f"{arguments.name} was removed before.")
        return 1
    print(
        f"{arguments.name} is removed everywhere. A bot that runs knows within a minute; the next"
        " training leaves their lyrics out."
    )
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    if not _with_store(arguments, lambda store: store.removals.undo(arguments.name, None)):
        print(f"{arguments.name} was not removed everywhere. See `artists list`.")
        return 1
    print(f"{arguments.name} may be asked for again.")
    return 0


def _with_store(arguments: argparse.Namespace, act: Callable[["Store"], Awaitable[T]]) -> T:
    from bot.store import migrate, open_store

    url = read_config(arguments).database.url

    async def run() -> T:
        await migrate.upgrade(url)
        async with open_store(url) as store:
            return await act(store)

    return asyncio.run(run())

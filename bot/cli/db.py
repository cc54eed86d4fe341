"""db upgrade: bring the database to the newest revision."""

import argparse
import asyncio

from bot.cli.shared import Commands, add_command, read_config


def add_parser(commands: Commands) -> None:
    database = commands.add_parser("db", help="look after the database")
    orders = database.add_subparsers(dest="order", required=True, metavar="ORDER")
    add_command(orders, "upgrade", "bring the database to the newest revision", upgrade)


def upgrade(arguments: argparse.Namespace) -> int:
    from bot.store.in_use import in_use  # SQLAlchemy: other commands need not wait for it

    config = read_config(arguments)
    with in_use(config.data_dir):
        print(asyncio.run(_upgrade(config.database.url)))
    return 0


async def _upgrade(url: str) -> str:
    from bot.store import migrate  # SQLAlchemy: other commands need not wait for it

    before = await migrate.current_revision(url)
    head = migrate.head_revision()
    if before == head:
        return f"The database is at revision {head}, the newest."
    await migrate.upgrade(url)
    return f"The database went from {before or 'nothing'} to revision {head}."

"""import: songs from files that people have, and an account of every one that was left out."""

import argparse
import asyncio
from contextlib import nullcontext
from pathlib import Path

from bot.cli.shared import Commands, add_command, read_config


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "import", "take in songs from files and folders", act)
    parser.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="CSV, JSON lines, text files, or folders of them",
    )
    parser.add_argument("--artist", metavar="NAME", help="whose songs, where the files do not say")
    parser.add_argument(
        "--server",
        type=int,
        metavar="ID",
        help="teach artists of this one server (default: artists that all servers share)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be taken, and write nothing"
    )


def act(arguments: argparse.Namespace) -> int:
    from rich.console import Console  # here and not above: other commands need not wait for it

    from bot.cli.import_songs import Import
    from bot.store.in_use import in_use

    console = Console()
    config = read_config(arguments)
    work = Import(
        arguments.paths, arguments.artist, arguments.dry_run, console, guild_id=arguments.server
    )
    with nullcontext() if arguments.dry_run else in_use(config.data_dir):
        report = asyncio.run(work.run(config.database.url))
    report.print(console, is_dry_run=arguments.dry_run)
    return 0 if report.num_found else 1

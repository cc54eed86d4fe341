"""backup: database and checkpoints in one file, while the bot runs or not."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.shared import Commands, add_command, read_config

if TYPE_CHECKING:
    from bot.backup import Backup

POSTGRESQL = (
    "The database is PostgreSQL's own to save: run pg_dump --format=custom right after this,"
    " while no training run is under way, and keep both files together."
)


def add_parser(commands: Commands) -> None:
    parser = add_command(
        commands, "backup", "write database and checkpoints to one file, while the bot runs", act
    )
    parser.add_argument(
        "--to",
        type=Path,
        metavar="FILE",
        help="a .tar.gz (default: one named by the time, in the data folder's backups)",
    )


def act(arguments: argparse.Namespace) -> int:
    config = read_config(arguments)
    from bot.backup import write_backup  # torch and SQLAlchemy: only once the settings are right
    from bot.backup.writing import default_target

    target = default_target(config) if arguments.to is None else arguments.to.absolute()
    print(told_of(write_backup(config, target)))
    return 0


def told_of(backup: "Backup") -> str:
    lines = [f"Written and read back: {backup.path} ({backup.num_bytes / 1e6:.1f} MB)"]
    if backup.contents is None:
        lines.append(POSTGRESQL)
    else:
        lines.append(counted(backup.contents.counts))
    return "\n".join(lines)


def counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counts.items())

"""restore: a backup back into a data folder, and what came back."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.backup import counted
from bot.cli.shared import Commands, add_command, read_config

if TYPE_CHECKING:
    from bot.backup import Restored


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "restore", "put a backup back, while no bot runs", act)
    parser.add_argument("file", type=Path, metavar="FILE", help="what `backup` has written")
    parser.add_argument(
        "--replace", action="store_true", help="move what the data folder holds aside"
    )


def act(arguments: argparse.Namespace) -> int:
    config = read_config(arguments)
    from bot.backup import restore  # torch and SQLAlchemy: only once the settings are right

    print(told_of(restore(config, arguments.file, replace=arguments.replace)))
    return 0


def told_of(restored: "Restored") -> str:
    lines = [f"Restored as of {restored.created_at}."]
    if restored.contents is None:
        lines.append("The database was not in it: put it back with pg_restore.")
    else:
        lines.append(f"{counted(restored.contents.counts)}.")
    lines.append(
        f"Live is {restored.live or 'the starter checkpoint'};"
        f" {restored.num_checkpoints} checkpoints came back."
    )
    if restored.moved_to is not None:
        lines.append(f"What was there before lies in {restored.moved_to}.")
    return "\n".join(lines)

"""Putting a backup back: into a folder beside what is there, looked over there, then into place."""

import asyncio
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.backup.archive import read_archive, sync_folder
from bot.backup.writing import BEATS, CHECKPOINTS, DATABASE, FOLDER
from bot.config import Config
from bot.errors import BackupError
from bot.generation.registry import live_name
from bot.store import migrate
from bot.store.in_use import LOCK, RESTORING, used_alone
from bot.store.snapshot import Contents, contents_of

logger = logging.getLogger(__name__)

_UNPACKED = f"{RESTORING}-files"
_STAYS = frozenset({FOLDER, LOCK, RESTORING, _UNPACKED})  # whatever is restored


@dataclass(frozen=True, slots=True)
class Restored:
    """`contents` is None for a backup without a database; `live` None is the starter checkpoint;
    `moved_to` is where what was there before lies now.
    """

    created_at: str
    contents: Contents | None
    live: str | None
    num_checkpoints: int
    moved_to: Path | None


def restore(config: Config, archive: Path, *, replace: bool = False) -> Restored:
    """Blocks. Raises BackupError, DataFolderError or DatabaseError, and then has changed nothing.

    Cut off, it leaves the data folder marked, so that no bot starts there before it is done anew.
    """
    try:
        with used_alone(config.data_dir):
            there = list(_what_is_there(config))
            if there and not replace:
                raise BackupError(
                    f"{config.data_dir} is not empty.",
                    "Name an empty folder with --data; or give --replace, which moves what is"
                    " there aside.",
                )
            return _restore(config, archive, there)
    except OSError as error:
        raise BackupError(
            f"{archive} cannot be restored into {config.data_dir} ({error.strerror or error}).",
            "Make room there or mend its permissions, and do it again with --replace.",
        ) from error


def _restore(config: Config, archive: Path, there: list[Path]) -> Restored:
    restoring = config.data_dir / RESTORING
    unpacked = config.data_dir / _UNPACKED
    shutil.rmtree(unpacked, ignore_errors=True)
    try:
        told = read_archive(archive, into=unpacked)
        contents = _look_over(unpacked, has_database=told.get("database") is not None)
        live = live_name(unpacked / CHECKPOINTS)
        num_checkpoints = len([*(unpacked / CHECKPOINTS).glob("*/manifest.json")])
        restoring.touch()
        moved_to = _move_aside(config, there)
        _move_into_place(config, unpacked)
        sync_folder(config.data_dir)
        restoring.unlink()
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    return Restored(str(told.get("created_at")), contents, live, num_checkpoints, moved_to)


def _look_over(unpacked: Path, *, has_database: bool) -> Contents | None:
    """The database at the newest revision, or the refusal of one from a newer Cypher."""
    for checkpoints in (unpacked / CHECKPOINTS, unpacked / BEATS):
        name = live_name(checkpoints)
        if name is not None and not (checkpoints / name).is_dir():
            raise BackupError(f"The live checkpoint {name} is not in the backup.")
    if not has_database:
        return None
    path = unpacked / DATABASE
    asyncio.run(migrate.upgrade(f"sqlite+aiosqlite:///{path}"))
    return contents_of(path)


def _what_is_there(config: Config) -> Iterator[Path]:
    """Of the data folder, and the database where that lies elsewhere."""
    for path in sorted(config.data_dir.iterdir()):
        if path.name not in _STAYS:
            yield path
    database = config.database_path
    if database is not None and database.parent.resolve() != config.data_dir:
        yield from sorted(database.parent.glob(f"{database.name}*"))


def _move_aside(config: Config, there: list[Path]) -> Path | None:
    """Within the data folder: that may be a volume of its own, which cannot be renamed."""
    if not there:
        return None
    aside = config.data_dir / FOLDER / f"replaced-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    aside.mkdir(parents=True)
    for path in there:
        shutil.move(path, aside / path.name)
    return aside


def _move_into_place(config: Config, unpacked: Path) -> None:
    database = config.database_path
    for path in sorted(unpacked.iterdir()):
        if path.name == DATABASE and database is not None:
            database.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, database)
        else:
            path.rename(config.data_dir / path.name)

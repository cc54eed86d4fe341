"""Writing a backup while the bot runs: what goes in, and in which order it is read.

1. The pointer files say which checkpoint of verses and which of beats is live; they are the truth.
2. The database is copied as of one moment.
3. The pointers are read again. Had one changed meanwhile, 2 and 3 are done anew: so there was a
   moment at which all were as they are in the backup, and a start puts right whatever a promotion
   under way had not done by then, as it does after a crash.
4. The checkpoints are copied last: a folder never changes once it has its name, and the live one is
   never removed. What training leaves meanwhile is not known to the database, and does no harm.
"""

import fcntl
import logging
import platform
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.backup.archive import ArchiveWriter, writing
from bot.config import Config
from bot.errors import BackupError
from bot.generation.registry import POINTER
from bot.store.in_use import in_use
from bot.store.snapshot import Contents, copy_database

logger = logging.getLogger(__name__)

FOLDER = "backups"
DATABASE = "cypher.db"
CHECKPOINTS = "checkpoints"
BEATS = "beats"
PATTERN = "cypher-*.tar.gz"
_WORK = ".work"
_MAX_ATTEMPTS = 20
_OF_RUNS = ("curve.png", "result.json")  # of a training run; what it learns from stays out


@dataclass(frozen=True, slots=True)
class Backup:
    """`contents` is None where the database is not in it."""

    path: Path
    num_bytes: int
    contents: Contents | None


def default_target(config: Config) -> Path:
    return config.data_dir / FOLDER / f"cypher-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar.gz"


def write_backup(config: Config, target: Path) -> Backup:
    """Blocks for as long as it takes; raises BackupError or DatabaseError.

    The configuration is not in it, nor is any secret, nor the logs.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with in_use(config.data_dir), _work_folder(config) as work:
            contents = _copy_consistently(config, work)
            with writing(target) as archive:
                _fill(archive, config, work)
                archive.close(_told(contents))
        return Backup(target, target.stat().st_size, contents)
    except OSError as error:
        raise BackupError(
            f"The backup {target} cannot be written ({error.strerror or error}).",
            "Make room there or mend its permissions, or choose another place with --to.",
        ) from error


def _copy_consistently(config: Config, work: Path) -> Contents | None:
    for _ in range(_MAX_ATTEMPTS):
        pointers = _read_pointers(config)
        copy = work / DATABASE
        copy.unlink(missing_ok=True)
        path = config.database_path
        contents = None if path is None else copy_database(path, copy)
        if _read_pointers(config) == pointers:
            for name, pointer in pointers.items():
                (work / f"{name}.json").write_bytes(pointer)
            return contents
    raise BackupError("The live checkpoint changes all the time.", "Try again in a minute.")


def _fill(archive: ArchiveWriter, config: Config, work: Path) -> None:
    if (work / DATABASE).exists():
        archive.add_path(DATABASE, work / DATABASE)
    for name, checkpoints in _checkpoints(config).items():
        if (pointer := work / f"{name}.json").exists():
            archive.add_path(f"{name}/{POINTER}", pointer)
        for folder in _folders(checkpoints):
            _add_folder(archive, f"{name}/{folder.name}", folder, "*")
    for folder in _folders(config.data_dir / "training"):
        for name in _OF_RUNS:
            _add_folder(archive, f"training/{folder.name}", folder, name)


def _add_folder(archive: ArchiveWriter, name: str, folder: Path, pattern: str) -> None:
    """All of it or, if it is removed just now, nothing: a folder goes by one renaming."""
    with ExitStack() as stack:
        try:
            paths = sorted(path for path in folder.glob(pattern) if path.is_file())
            files = [stack.enter_context(path.open("rb")) for path in paths]
        except FileNotFoundError:
            logger.info("%s is removed just now, and not in the backup", folder)
            return
        for path, file in zip(paths, files, strict=True):
            archive.add(f"{name}/{path.name}", file)


def _folders(parent: Path) -> list[Path]:
    """Without those that are being written, whose names begin with a dot."""
    if not parent.is_dir():
        return []
    return sorted(each for each in parent.iterdir() if each.is_dir() and each.name[0] != ".")


def _told(contents: Contents | None) -> dict[str, Any]:
    return {
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "database": None if contents is None else contents.as_json(),
        "versions": {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version},
    }


def _checkpoints(config: Config) -> dict[str, Path]:
    return {CHECKPOINTS: config.checkpoints_dir, BEATS: config.beat_checkpoints_dir}


def _read_pointers(config: Config) -> dict[str, bytes]:
    """Those that there are."""
    paths = {name: folder / POINTER for name, folder in _checkpoints(config).items()}
    pointers = {}
    for name, path in paths.items():
        with suppress(FileNotFoundError):
            pointers[name] = path.read_bytes()
    return pointers


@contextmanager
def _work_folder(config: Config) -> Iterator[Path]:
    """For one backup at a time; what one that was killed has left goes first."""
    folder = config.data_dir / FOLDER
    folder.mkdir(exist_ok=True)
    with (folder / ".lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("A backup is being written already.", "Wait for its end.") from None
        work = folder / _WORK
        shutil.rmtree(work, ignore_errors=True)
        for half in folder.glob(".*.part"):
            half.unlink(missing_ok=True)
        work.mkdir()
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)

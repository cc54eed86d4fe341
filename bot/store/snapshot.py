"""A copy of a SQLite database while others write to it, and what a database holds. Blocks."""

import contextlib
import os
import sqlite3
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.errors import DatabaseError

# Rows that mean something to the running process alone: tokens with which anybody could answer in
# the bot's name, and rights that lapse.
_NOT_COPIED = ("pending_requests", "leases")
_COUNTED = {
    "verses": "SELECT count(*) FROM verses WHERE deleted_at IS NULL",
    "votes": "SELECT count(*) FROM votes",
    "lyrics": "SELECT count(*) FROM lyrics",
    "battles": "SELECT count(*) FROM battles",
    "beats": "SELECT count(*) FROM beats WHERE deleted_at IS NULL",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """`live` is the version of the checkpoint that the database takes for the live one."""

    revision: str
    live: str | None
    counts: dict[str, int]

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def copy_database(source: Path, target: Path) -> Contents:
    """One state of the database, as of now; writers need not wait. Raises DatabaseError.

    VACUUM INTO reads in one transaction, and takes no deleted words along, as copied pages would.
    """
    if not source.exists():
        raise DatabaseError(f"There is no database at {source}.", "Start the bot once.")
    try:
        with contextlib.closing(sqlite3.connect(source, isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
        with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as copy:
            _forget(copy)
            _check(copy, target)
    except sqlite3.Error as error:
        raise DatabaseError(f"{source} could not be copied: {error}.") from error
    with target.open("rb") as file:
        os.fsync(file.fileno())
    return contents_of(target)


def contents_of(path: Path) -> Contents:
    """Raises DatabaseError for what is no database of Cypher's."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            return Contents(
                revision=connection.execute("SELECT version_num FROM alembic_version").fetchone()[
                    0
                ],
                live=_live(connection),
                counts={name: _count(connection, name) for name in _COUNTED},
            )
    except (sqlite3.Error, TypeError) as error:
        raise DatabaseError(f"{path} cannot be read: {error}.") from error


def _forget(copy: sqlite3.Connection) -> None:
    copy.execute("PRAGMA secure_delete = ON")  # their bytes too
    for table in _NOT_COPIED:
        if _has(copy, table):
            copy.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names


def _check(copy: sqlite3.Connection, path: Path) -> None:
    said = [row[0] for row in copy.execute("PRAGMA integrity_check")]
    if said != ["ok"]:
        raise DatabaseError(f"The database copied to {path} is damaged: {said[0]}.")


def _live(connection: sqlite3.Connection) -> str | None:
    found = connection.execute("SELECT version FROM checkpoints WHERE state = 'live'").fetchone()
    return None if found is None else str(found[0])


def _count(connection: sqlite3.Connection, table: str) -> int:
    """0 of what a database of an older revision does not have yet."""
    if not _has(connection, table):
        return 0
    number: int = connection.execute(_COUNTED[table]).fetchone()[0]
    return number


def _has(connection: sqlite3.Connection, table: str) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(query, (table,)).fetchone() is not None

"""Migrations as functions: where a database stands, and bringing it to the newest revision."""

from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import DatabaseError
from bot.store.engine import IMMEDIATE, is_sqlite, open_engine, parse_url
from bot.store.explain import UPGRADE, database_name, explain

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def head_revision() -> str:
    """The revision that this code works with."""
    head = _scripts().get_current_head()
    if head is None:
        raise DatabaseError(
            f"There are no migrations in {MIGRATIONS}.",
            "Install Cypher again, with its migrations.",
        )
    return head


async def current_revision(url: str) -> str | None:
    """The revision of a database; None where there is none yet. Creates nothing."""
    parsed = parse_url(url)
    if is_missing(parsed):
        return None
    try:
        async with open_engine(parsed) as engine, engine.connect() as connection:
            return await connection.run_sync(_revision)
    except (SQLAlchemyError, OSError) as error:
        raise explain(error, parsed) from error


async def upgrade(url: str, revision: str = "head") -> None:
    """Creates the database where there is none; one transaction, so all of it or nothing."""
    parsed = parse_url(url)
    try:
        _make_folder(parsed)
        await _migrate(parsed, command.upgrade, revision)
    except (SQLAlchemyError, OSError) as error:
        raise explain(error, parsed) from error


async def downgrade(url: str, revision: str) -> None:
    """Drops what newer revisions added, with its data: back the database up first."""
    parsed = parse_url(url)
    try:
        await _migrate(parsed, command.downgrade, revision)
    except (SQLAlchemyError, OSError) as error:
        raise explain(error, parsed) from error


def require_head(connection: Connection) -> None:
    """Raises DatabaseError where the database is not exactly at this code's revision."""
    refuse_unknown(connection)
    revision, head = _revision(connection), head_revision()
    if revision != head:
        name = database_name(connection.engine.url)
        stands = "is empty" if revision is None else f"is at revision {revision}"
        raise DatabaseError(f"The database {name} {stands} and revision {head} is needed.", UPGRADE)


def refuse_unknown(connection: Connection) -> None:
    """Raises DatabaseError for a database of a newer Cypher, or of another program."""
    name, revision = database_name(connection.engine.url), _revision(connection)
    if revision is None:
        if set(inspect(connection).get_table_names()) - {"alembic_version"}:
            raise DatabaseError(
                f"The database {name} belongs to another program.",
                "Point database.url at Cypher's own database, or at a file that does not exist.",
            )
    elif revision not in {each.revision for each in _scripts().walk_revisions()}:
        raise DatabaseError(
            f"The database {name} was written by a newer Cypher: it is at revision {revision},"
            f" and this one knows no further than {head_revision()}.",
            "Start that newer version again, or restore a backup from before its upgrade.",
        )


def is_missing(url: URL) -> bool:
    """Whether a SQLite file does not exist (connecting to it would create it)."""
    path = url.database or ""
    return is_sqlite(url) and not path.startswith("file:") and not Path(path).exists()


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


async def _migrate(url: URL, migration: Any, revision: str) -> None:
    # Batch mode drops and renames tables; with foreign keys on, dropping would cascade to rows.
    async with (
        open_engine(url, foreign_keys=False) as engine,
        engine.execution_options(**{IMMEDIATE: True}).begin() as connection,
    ):
        await connection.run_sync(_run, migration, revision)


def _run(connection: Connection, migration: Any, revision: str) -> None:
    refuse_unknown(connection)
    if revision == "head" and _revision(connection) == head_revision():
        return  # as at almost every start, which need not wait for Alembic
    migration(alembic_config(connection), revision)
    if is_sqlite(connection.engine.url):
        _check_foreign_keys(connection)


def _check_foreign_keys(connection: Connection) -> None:
    orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
    if orphans:
        raise DatabaseError(
            f"The migration would leave {len(orphans)} rows in {orphans[0][0]} without the row"
            " they belong to, so it was taken back.",
            "Restore the last backup, and report this.",
        )


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())


def _make_folder(url: URL) -> None:
    if is_missing(url) and url.database is not None:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)

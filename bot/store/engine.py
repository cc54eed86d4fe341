"""Opens the engine: the URL checked, and on SQLite the pragmas and the transaction control."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError, InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import DatabaseError
from bot.store.threads import ConnectionThreads

BUSY_TIMEOUT_S = 5.0
# An execution option of an engine or a connection: its transactions take the write lock at BEGIN.
IMMEDIATE = "cypher_immediate"

_URL_REMEDY = (
    "Write database.url like sqlite+aiosqlite:///data/cypher.db"
    " or postgresql+asyncpg://user@host/cypher."
)


def parse_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        # The address may hold a password, so it is not repeated here.
        raise DatabaseError("The database address cannot be understood.", _URL_REMEDY) from error
    if is_sqlite(parsed) and parsed.database in (None, "", ":memory:"):
        # Readers and writers are separate connections, and each would see its own memory.
        raise DatabaseError("The database must be a file, not in memory.", _URL_REMEDY)
    return parsed


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


@asynccontextmanager
async def open_engine(
    url: URL, *, busy_timeout_s: float = BUSY_TIMEOUT_S, foreign_keys: bool = True
) -> AsyncIterator[AsyncEngine]:
    """Connects at first use. Afterwards nothing is open: no connection, no file, no thread."""
    engine = _make_engine(url)
    threads = ConnectionThreads()
    if is_sqlite(url):
        threads.follow(engine)
        _take_over_transactions(engine, busy_timeout_s, foreign_keys)
    try:
        yield engine
    finally:
        await engine.dispose()
        await threads.join()


def _make_engine(url: URL) -> AsyncEngine:
    try:
        return create_async_engine(url, pool_pre_ping=not is_sqlite(url))
    except (ArgumentError, InvalidRequestError, ImportError) as error:
        raise DatabaseError(
            f"The database driver of {url.drivername} cannot be used: {error}.",
            f"Install the driver. {_URL_REMEDY}",
        ) from error


def _take_over_transactions(engine: AsyncEngine, busy_timeout_s: float, foreign_keys: bool) -> None:
    """SQLAlchemy's documented way around sqlite3's late BEGIN (dialects/sqlite, transactions).

    A transaction that reads first and writes later fails at once with SQLITE_BUSY_SNAPSHOT when
    another writer came between, whatever the timeout. So writers lock at BEGIN, and wait there.
    """
    pragmas = (
        f"PRAGMA busy_timeout = {round(busy_timeout_s * 1000)}",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",  # an acknowledged vote survives a power cut
        "PRAGMA secure_delete = ON",  # what is erased is overwritten, not only let go of
        f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}",
    )

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Connection) -> None:
        is_writer = connection.get_execution_options().get(IMMEDIATE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")

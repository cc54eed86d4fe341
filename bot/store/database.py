"""One database for the whole bot: opened with checks, read by many, written by one at a time."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from bot.errors import DatabaseError
from bot.store.engine import BUSY_TIMEOUT_S, IMMEDIATE, is_sqlite, open_engine, parse_url
from bot.store.explain import UPGRADE, database_name, explain
from bot.store.migrate import is_missing, require_head


class Database:
    """Many readers beside one writer at a time. Belongs to one event loop.

    `async with database.writer() as session:` is one transaction that holds the write lock from
    its start: it commits at the end of the block and rolls back on any exception. `reader()` sees
    one state of the data throughout, and never waits for a writer. Never open one inside the other.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.url = engine.url
        self._engine = engine
        self._readers = async_sessionmaker(engine, expire_on_commit=False)
        self._writers = async_sessionmaker(
            engine.execution_options(**{IMMEDIATE: True}), expire_on_commit=False
        )
        # SQLite lets waiting writers poll, unfairly. Ours stand in line, and only writers of other
        # processes meet the busy timeout. Elsewhere it makes select-then-insert safe as well.
        self._write_lock = asyncio.Lock()

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[AsyncSession]:
        with self._explained():
            async with self._readers.begin() as session:
                yield session

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[AsyncSession]:
        async with self._write_lock:
            with self._explained():
                async with self._writers.begin() as session:
                    yield session

    async def erase_traces(self) -> None:
        """On SQLite: what was erased leaves the write-ahead log too, unless somebody reads it now.

        Then it leaves with the next checkpoint, which SQLite makes by itself. Other databases have
        their own ways, such as PostgreSQL's vacuum.
        """
        if not is_sqlite(self.url):
            return
        async with self._write_lock, self._engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            if driver is not None:  # in no transaction, which SQLAlchemy would begin
                # Read to its end and closed: a statement in progress would keep whoever gets this
                # connection next from committing.
                async with driver.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
                    await cursor.fetchall()

    async def ping(self) -> float:
        """Seconds that one question to the database took; raises DatabaseError."""
        started = time.perf_counter()
        async with self.reader() as session:
            await session.execute(text("SELECT version_num FROM alembic_version"))
        return time.perf_counter() - started

    async def check(self) -> None:
        """Raises DatabaseError unless the database is at this code's revision and writable."""
        async with self.reader() as session:
            await (await session.connection()).run_sync(require_head)
        async with self.writer() as session:
            # A write that changes nothing: BEGIN IMMEDIATE alone succeeds on a read-only file.
            await session.execute(text("UPDATE alembic_version SET version_num = version_num"))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """A broken constraint is the caller's to understand; all else is the operator's."""
        try:
            yield
        except IntegrityError:
            raise
        except (DBAPIError, PoolTimeout, ConnectionError) as error:
            raise explain(error, self.url) from error


@asynccontextmanager
async def open_database(
    url: str, *, busy_timeout_s: float = BUSY_TIMEOUT_S
) -> AsyncIterator[Database]:
    """Raises DatabaseError when the database is missing, or does not pass its check."""
    parsed = parse_url(url)
    async with open_engine(parsed, busy_timeout_s=busy_timeout_s) as engine:
        if is_missing(parsed):
            raise DatabaseError(f"There is no database at {database_name(parsed)}.", UPGRADE)
        database = Database(engine)
        await database.check()
        yield database

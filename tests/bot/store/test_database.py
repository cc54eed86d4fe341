"""Opening checks, transactions that hold, and writers that wait for each other."""

import asyncio
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import text

from bot.errors import DatabaseError
from bot.store import Database, open_store
from bot.store.database import open_database
from tests.bot.store.examples import database_url, new_verse, query

ADD = text("INSERT INTO artists (name, key, created_at) VALUES (:key, :key, '2026-05-01')")
ADD_MANY = text(
    "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20000)"
    " INSERT INTO artists (name, key, created_at) SELECT 'm' || n, 'm' || n, '2026-05-01'"
    " FROM numbers RETURNING key"
)
COUNT = text("SELECT count(*) FROM artists")


async def refusal(url: str) -> DatabaseError:
    with pytest.raises(DatabaseError) as refused:
        async with open_store(url, busy_timeout_s=0.05):
            pass
    assert refused.value.remedy
    return refused.value


async def test_a_missing_database_is_refused_and_not_created(tmp_path: Path) -> None:
    refused = await refusal(database_url(tmp_path / "cypher.db"))
    assert "no database" in refused.message
    assert "db upgrade" in refused.remedy
    assert not (tmp_path / "cypher.db").exists()


async def test_an_empty_database_is_refused_with_the_command_to_run(tmp_path: Path) -> None:
    (tmp_path / "cypher.db").touch()
    refused = await refusal(database_url(tmp_path / "cypher.db"))
    assert "is empty" in refused.message
    assert "db upgrade" in refused.remedy


async def test_a_newer_revision_is_refused(url: str, path: Path) -> None:
    query(path, "UPDATE alembic_version SET version_num = '9999'")
    refused = await refusal(url)
    assert "newer Cypher: it is at revision 9999" in refused.message
    assert "backup" in refused.remedy


async def test_a_locked_database_is_refused(url: str, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert "locked" in (await refusal(url)).message
    finally:
        other.close()


async def test_a_read_only_database_is_refused(path: Path) -> None:
    assert (
        "read-only" in (await refusal(f"sqlite+aiosqlite:///file:{path}?mode=ro&uri=true")).message
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to any file")
def test_a_file_without_write_permission_is_refused(url: str, path: Path) -> None:
    path.chmod(0o444)
    assert "read-only" in asyncio.run(refusal(url)).message


async def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("These are my notes and no database at all. " * 50)
    before = (tmp_path / "notes.txt").read_bytes()
    assert "not a SQLite database" in (await refusal(database_url(tmp_path / "notes.txt"))).message
    assert (tmp_path / "notes.txt").read_bytes() == before


async def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    assert "cannot be opened" in (await refusal(database_url(tmp_path))).message


async def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    query(tmp_path / "recipes.db", "CREATE TABLE recipes (name TEXT)")
    assert "another program" in (await refusal(database_url(tmp_path / "recipes.db"))).message


@pytest.mark.parametrize(
    "url",
    [
        "",
        "cypher.db",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "sqlite:///cypher.db",
        "nosuch+driver:///cypher.db",
    ],
)
async def test_an_address_that_cannot_serve_is_refused_with_an_example(url: str) -> None:
    assert "sqlite+aiosqlite:///data/cypher.db" in (await refusal(url)).remedy


async def test_the_password_of_an_address_is_never_shown() -> None:
    assert "hush" not in str(await refusal("nosuch+driver://bot:hush-hush@host/cypher"))
    assert "hush" not in str(await refusal("not an address with hush-hush"))


async def test_every_connection_is_durable_and_minds_foreign_keys(url: str) -> None:
    async with open_database(url) as database, database.reader() as one, database.reader() as other:
        for session in (one, other):
            found = [
                await session.scalar(text(f"PRAGMA {name}"))
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            ]
            assert found == ["wal", 2, 1, 5000]


async def test_an_exception_in_a_writer_takes_everything_back(url: str) -> None:
    async def write_and_fail(database: Database) -> None:
        async with database.writer() as session:
            await session.execute(ADD, {"key": "a"})
            raise RuntimeError

    async with open_database(url) as database:
        with pytest.raises(RuntimeError):
            await write_and_fail(database)
        async with database.reader() as session:
            assert await session.scalar(COUNT) == 0


async def test_a_reader_sees_one_state_and_waits_for_no_writer(url: str) -> None:
    async with open_database(url) as database, database.reader() as reading:
        assert await reading.scalar(COUNT) == 0
        async with database.writer() as writing:
            await writing.execute(ADD, {"key": "a"})
        assert await reading.scalar(COUNT) == 0


async def test_a_writer_that_reads_first_never_loses_to_one_that_came_between(url: str) -> None:
    async with open_database(url) as database, open_database(url) as other:

        async def write_meanwhile() -> None:
            async with other.writer() as session:
                await session.execute(ADD, {"key": "b"})

        async with database.writer() as session:
            assert await session.scalar(COUNT) == 0
            meanwhile = asyncio.create_task(write_meanwhile())
            await asyncio.sleep(0.05)
            await session.execute(ADD, {"key": "a"})
        await meanwhile
        async with database.reader() as session:
            assert await session.scalar(COUNT) == 2


async def test_a_lock_held_too_long_while_running_is_explained(url: str, path: Path) -> None:
    async with open_database(url, busy_timeout_s=0.05) as database:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="locked"):
            async with database.writer() as session:
                await session.execute(ADD, {"key": "a"})
        other.close()
        async with database.writer() as session:
            await session.execute(ADD, {"key": "a"})


async def test_cancelled_writers_leave_no_lock_and_no_half_of_their_work(url: str) -> None:
    async with open_database(url, busy_timeout_s=1) as database:

        async def write_two(key: str) -> None:
            async with database.writer() as session:
                await session.execute(ADD, {"key": f"{key}a"})
                await session.execute(ADD, {"key": f"{key}b"})

        for number in range(30):
            task = asyncio.create_task(write_two(str(number)))
            for _ in range(number):
                await asyncio.sleep(0)
            await asyncio.sleep(number * 0.0001)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await write_two("last")
        async with database.reader() as session:
            assert (await session.scalar(COUNT) or 0) % 2 == 0


async def test_erasing_leaves_no_statement_in_progress(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One would keep whoever gets the connection next from committing, as long as it lives."""
    execute: Any = aiosqlite.Connection._execute
    kept: list[Any] = []

    async def keeping(self: aiosqlite.Connection, *args: Any, **keywords: Any) -> Any:
        kept.append(await execute(self, *args, **keywords))
        return kept[-1]

    async with open_database(url) as database:
        monkeypatch.setattr(aiosqlite.Connection, "_execute", keeping)
        await database.erase_traces()
        async with database.writer() as session:
            await session.execute(ADD, {"key": "volt"})
        async with database.reader() as session:
            assert (await session.execute(COUNT)).scalar() == 1
    assert kept


async def test_a_cancelled_writer_leaves_no_lock_even_while_its_traceback_is_kept(url: str) -> None:
    kept: list[object] = []
    async with open_database(url, busy_timeout_s=0.2) as database:

        async def write() -> None:
            async with database.writer() as session:
                await session.execute(ADD_MANY)

        for number in range(5):
            task = asyncio.create_task(write())
            await asyncio.sleep(number * 0.008)  # of the 50 ms or so that it takes
            task.cancel()
            kept += await asyncio.gather(task, return_exceptions=True)
            async with database.writer() as session:
                await session.execute(ADD, {"key": f"{number}"})
    assert any(isinstance(each, asyncio.CancelledError) for each in kept)


async def test_a_ping_answers_with_the_seconds_it_took(url: str) -> None:
    async with open_store(url) as store:
        assert 0 < await store.ping() < 2


async def test_a_ping_asks_the_database_and_not_only_the_driver(url: str, path: Path) -> None:
    async with open_store(url) as store:
        query(path, "DROP TABLE alembic_version")
        with pytest.raises(DatabaseError):
            await store.ping()


async def test_closing_waits_for_the_thread_of_a_cancelled_attempt_to_connect(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect: Callable[..., sqlite3.Connection] = sqlite3.connect

    def connect_slowly(*args: Any, **parameters: Any) -> sqlite3.Connection:
        time.sleep(0.1)
        return connect(*args, **parameters)

    before = set(threading.enumerate())
    async with open_database(url) as database, database.reader() as session:
        await session.connection()  # the only open one, so that the ping needs another
        monkeypatch.setattr(sqlite3, "connect", connect_slowly)
        ping = asyncio.create_task(database.ping())
        await asyncio.sleep(0.03)
        ping.cancel()
        await asyncio.gather(ping, return_exceptions=True)
    # The event loop keeps threads of its own for later use.
    left = {each for each in threading.enumerate() if not each.name.startswith("asyncio_")}
    assert left <= before


async def test_closing_leaves_one_file_with_everything_in_it(url: str, path: Path) -> None:
    async with open_store(url) as store:
        await store.verses.add(new_verse())
    assert [each.name for each in path.parent.iterdir()] == ["cypher.db"]

"""Follows the threads of SQLite's connections, so that none outlives the event loop."""

import asyncio
import contextlib
import sqlite3
import threading
from typing import Any

import aiosqlite
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

_JOIN_TIMEOUT_S = 10.0


class EndingConnection(sqlite3.Connection):
    """Closed, it holds no lock any more.

    SQLite keeps a connection open behind the scenes while a statement of it is alive, its
    transaction and its locks with it. One whose task was cancelled lives in the traceback.
    """

    def close(self) -> None:
        with contextlib.suppress(sqlite3.Error):  # closed already, or the disk fails
            self.rollback()
        super().close()


class ConnectionThreads:
    """aiosqlite gives each connection a thread, and SQLAlchemy closes most and waits for them.

    It does not wait where an attempt to connect fails or is cancelled, or a task is cancelled
    twice; such a thread would then report to a loop that may be closed.
    """

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []

    def follow(self, engine: AsyncEngine) -> None:
        @event.listens_for(engine.sync_engine, "do_connect")
        def on_connect(_dialect: Any, _record: Any, _args: Any, parameters: dict[str, Any]) -> None:
            parameters |= {"async_creator_fn": self._connect, "factory": EndingConnection}

    async def join(self) -> None:
        """Waits until every closed connection's thread has ended."""
        for thread in self._threads:
            if thread.is_alive():
                await asyncio.to_thread(thread.join, _JOIN_TIMEOUT_S)

    async def _connect(self, *args: Any, **parameters: Any) -> aiosqlite.Connection:
        connection: Any = aiosqlite.connect(*args, **parameters)
        # Before aiosqlite 0.22 a connection was itself a thread. SQLAlchemy looks for both as well.
        thread: threading.Thread = getattr(connection, "_thread", connection)
        thread.daemon = True
        self._threads = [each for each in self._threads if each.is_alive()]
        self._threads.append(thread)
        opened: aiosqlite.Connection = await connection
        return opened

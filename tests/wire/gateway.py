"""Discord's gateway, as much of it as a bot meets: shards, sessions, events and their end."""

import asyncio
import json
import time
import zlib
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.wire import payloads
from tests.wire.payloads import Payload

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT = 0, 1, 2, 6, 7
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11


@dataclass(eq=False)
class Connection:
    """One web socket. `compress` is one zlib stream over all messages, as the bot asks for."""

    socket: web.WebSocketResponse
    compress: Any = field(default_factory=zlib.compressobj)

    async def send(self, op: int, data: Any, **more: Any) -> None:
        text = json.dumps({"op": op, "d": data, "s": None, "t": None, **more})
        packed = self.compress.compress(text.encode()) + self.compress.flush(zlib.Z_SYNC_FLUSH)
        await self.socket.send_bytes(packed)


@dataclass(eq=False)
class Session:
    """One shard's; `events` are all that were dispatched in it, by sequence number from 1 on, for
    whoever resumes it.
    """

    shard: int
    session_id: str = ""
    events: list[Payload] = field(default_factory=list)
    connection: Connection | None = None

    async def dispatch(self, name: str, data: Payload) -> None:
        """An event; without a connection it waits for whoever resumes the session."""
        event = {"t": name, "s": len(self.events) + 1, "d": data}
        self.events.append(event)
        if self.connection is not None:
            await self.connection.send(DISPATCH, data, s=event["s"], t=name)

    @property
    def word(self) -> str:
        return f" {self.shard}" if self.shard else ""


@dataclass
class Gateway:
    """One bot's gateway. What happened to it is in `opened`, in order.

    `beats` and `answers_beats` are for heartbeats. A bot without shards is on shard 0; each shard
    has one server, of `payloads.guild_of`.
    """

    heartbeat_s: float = 41.25
    answers_beats: bool = True
    knows_session: bool = True
    num_refused: int = 0  # connections that are still to be refused
    closes_with: int | None = None  # a close code, in answer to the next IDENTIFY
    # "identify" or "resume", a word a connection; with the number of a shard other than 0
    opened: list[str] = field(default_factory=list)
    num_beats: int = 0
    sessions: dict[int, Session] = field(default_factory=dict)  # by shard
    _change: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The life of one connection."""
        if self.num_refused:
            self.num_refused -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(socket)
        await connection.send(HELLO, {"heartbeat_interval": round(self.heartbeat_s * 1000)})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._answer(connection, json.loads(message.data))
        for session in self.sessions.values():
            if session.connection is connection:
                session.connection = None
        return socket

    async def dispatch(self, name: str, data: Payload, shard: int = 0) -> None:
        await self.sessions[shard].dispatch(name, data)

    async def ask_to_reconnect(self, shard: int = 0) -> None:
        await self._connected(shard).send(RECONNECT, None)

    async def close(self, code: int, shard: int = 0) -> None:
        connection, self.sessions[shard].connection = self._connected(shard), None
        await connection.socket.close(code=code)

    async def until_opened(self, *words: str, within_s: float = 60) -> None:
        """Until the connections so far were opened just so."""
        async with asyncio.timeout(within_s), self._change:
            await self._change.wait_for(lambda: tuple(self.opened) == words)

    async def _answer(self, connection: Connection, message: Payload) -> None:
        match message["op"]:
            case 1:  # HEARTBEAT
                self.num_beats += 1
                if self.answers_beats:
                    await connection.send(HEARTBEAT_ACK, None)
            case 2:  # IDENTIFY
                await self._identify(connection, message["d"])
            case 6:  # RESUME
                await self._resume(connection, message["d"])

    async def _identify(self, connection: Connection, asked: Payload) -> None:
        if self.closes_with is not None:
            await connection.socket.close(code=self.closes_with)
            return
        shard, _ = asked.get("shard") or (0, 1)
        session = Session(shard, f"session-{time.monotonic_ns()}", connection=connection)
        self.sessions[shard] = session
        await session.dispatch("READY", payloads.ready(session.session_id, shard))
        await session.dispatch("GUILD_CREATE", payloads.guild(shard))
        await self._note(f"identify{session.word}")

    async def _resume(self, connection: Connection, asked: Payload) -> None:
        known = [each for each in self.sessions.values() if each.session_id == asked["session_id"]]
        if not self.knows_session or not known:
            self.knows_session = True
            await connection.send(INVALID_SESSION, False)
            return
        (session,) = known
        session.connection = connection
        for event in session.events[asked["seq"] :]:
            await connection.send(DISPATCH, event["d"], s=event["s"], t=event["t"])
        await session.dispatch("RESUMED", {})
        await self._note(f"resume{session.word}")

    async def _note(self, word: str) -> None:
        async with self._change:
            self.opened.append(word)
            self._change.notify_all()

    def _connected(self, shard: int) -> Connection:
        connection = self.sessions[shard].connection
        assert connection is not None, "no bot is connected"
        return connection

"""Discord's HTTP interface, as much of it as Cypher calls, with faults on demand."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.wire import payloads
from tests.wire.payloads import Payload

_DEFERRED, _MESSAGE, _UPDATE = 5, 4, 7
_EPHEMERAL = 64


@dataclass(eq=False)
class Exchange:
    """One interaction and what came of it; times are of `time.perf_counter`.

    `shown` is the reply that now stands in its place, `private` what only its member saw.
    """

    interaction: Payload
    sent_at: float
    acknowledged_at: float | None = None
    ended_at: float | None = None
    kind: int = 0  # of the acknowledgement
    message_id: int = field(default_factory=payloads.new_id)
    shown: Payload = field(default_factory=dict)
    private: list[Payload] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def reply(self) -> Payload:
        """The message as the channel has it."""
        return payloads.message(self.message_id, self.shown)

    @property
    def told(self) -> str:
        """All text of it, public or private."""
        said = [self.shown, *self.private]
        embeds = [embed for each in said for embed in each.get("embeds") or []]
        texts = [each.get("content") or "" for each in said]
        return "\n".join([*texts, *(embed.get("description") or "" for embed in embeds)])

    def end(self) -> None:
        if self.ended_at is None:
            self.ended_at = time.perf_counter()
        self.ended.set()


@dataclass(frozen=True, slots=True)
class Fault:
    """What one request gets instead of an answer."""

    status: int
    body: Payload
    headers: dict[str, str]


def rate_limited(after_s: float) -> Fault:
    """429 by Discord itself, which its header "Via" tells from one by somebody before it."""
    body = {"message": "You are being rate limited.", "retry_after": after_s, "global": False}
    return Fault(429, body, {"Via": "1.1 wire", "X-RateLimit-Scope": "user"})


def unavailable() -> Fault:
    return Fault(503, {"message": "Service unavailable"}, {})


def too_late() -> Fault:
    """What Discord says to an answer after its three seconds."""
    return Fault(404, {"message": "Unknown interaction", "code": 10062}, {})


class Rest:
    """`commands` are those that the bot last told of; `faults` are used up by requests in order."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.commands: list[Payload] = []
        self.num_syncs = 0
        self.faults: deque[Fault] = deque()
        self.requests: list[tuple[str, str]] = []
        self.exchanges: dict[str, Exchange] = {}  # by the token of the interaction
        self.sent: list[Payload] = []  # messages that answer nobody
        self.num_shards = 1  # that are recommended

    def routes(self) -> list[web.RouteDef]:
        api = "/api/v10"
        application = f"{api}/applications/{payloads.APPLICATION}"
        webhook = f"{api}/webhooks/{payloads.APPLICATION}/{{token}}"
        message = f"{webhook}/messages/@original"
        return [
            web.get(f"{api}/users/@me", self._me),
            web.get(f"{api}/gateway/bot", self._gateway),
            web.post(f"{api}/channels/{{channel}}/messages", self._send),
            web.get(f"{api}/oauth2/applications/@me", self._application),
            web.get(f"{application}/commands", self._commands),
            web.put(f"{application}/commands", self._put_commands),
            web.post(f"{api}/interactions/{{id}}/{{token}}/callback", self._callback),
            web.get(message, self._shown),
            web.patch(message, self._edit),
            web.delete(message, self._delete),
            web.post(webhook, self._follow_up),
            web.patch(f"{api}/channels/{{channel}}/messages/{{message}}", self._edit_as_own),
        ]

    @web.middleware
    async def middleware(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Notes each request; faults and the bot's token come before any answer."""
        answer: web.StreamResponse
        if not request.path.startswith("/api/"):
            answer = await handler(request)
            return answer
        self.requests.append((request.method, request.path))
        if self.faults:
            fault = self.faults.popleft()
            return _json(fault.body, status=fault.status, headers=fault.headers)
        # What belongs to an interaction is opened by the interaction's own token.
        is_bots = "/webhooks/" not in request.path and "/interactions/" not in request.path
        if is_bots and request.headers.get("Authorization") != f"Bot {self.token}":
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        answer = await handler(request)
        return answer

    async def _me(self, request: web.Request) -> web.Response:
        return _json(payloads.user(payloads.BOT, is_bot=True))

    async def _gateway(self, request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return _json(
            {
                "url": "wss://gateway.discord.gg",
                "shards": self.num_shards,
                "session_start_limit": limit,
            }
        )

    async def _send(self, request: web.Request) -> web.Response:
        body = await _body(request)
        self.sent.append(body)
        return _json(payloads.message(payloads.new_id(), body))

    async def _application(self, request: web.Request) -> web.Response:
        return _json(
            {
                "id": str(payloads.APPLICATION),
                "name": "Cypher",
                "icon": None,
                "description": "",
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "",
                "flags": 0,
                "owner": payloads.user(1),
                "team": None,
            }
        )

    async def _commands(self, request: web.Request) -> web.Response:
        return _json(self.commands)

    async def _put_commands(self, request: web.Request) -> web.Response:
        own = {"application_id": str(payloads.APPLICATION), "version": "1"}
        told = await request.json()
        self.commands = [{**each, **own, "id": str(payloads.new_id())} for each in told]
        self.num_syncs += 1
        return _json(self.commands)

    async def _callback(self, request: web.Request) -> web.Response:
        exchange = self._exchange(request)
        if exchange.acknowledged_at is not None:
            return _json(
                {"message": "Interaction has already been acknowledged.", "code": 40060}, 400
            )
        exchange.acknowledged_at = time.perf_counter()
        body = await _body(request)
        exchange.kind, data = body["type"], body.get("data") or {}
        if exchange.kind in (_MESSAGE, _UPDATE):
            if _is_private(data):
                exchange.private.append(data)
            else:
                exchange.shown.update(data)
            exchange.end()
        loading = exchange.kind == _DEFERRED
        interaction = {
            "id": exchange.interaction["id"],
            "type": exchange.interaction["type"],
            "response_message_id": str(exchange.message_id),
            "response_message_loading": loading,
            "response_message_ephemeral": _is_private(data),
        }
        resource = {"type": exchange.kind, "message": exchange.reply}
        return _json({"interaction": interaction, "resource": resource})

    async def _shown(self, request: web.Request) -> web.Response:
        return _json(self._exchange(request).reply)

    async def _edit(self, request: web.Request) -> web.Response:
        exchange = self._exchange(request)
        body = await _body(request)
        exchange.shown.update(body)
        if body.get("embeds"):
            exchange.end()
        return _json(exchange.reply)

    async def _edit_as_own(self, request: web.Request) -> web.Response:
        """A reply is a message of the bot's as well, and can be edited when its token is dead."""
        number = int(request.match_info["message"])
        exchange = next(each for each in self.exchanges.values() if each.message_id == number)
        exchange.shown.update(await _body(request))
        return _json(exchange.reply)

    async def _delete(self, request: web.Request) -> web.Response:
        exchange = self._exchange(request)
        exchange.shown.clear()
        exchange.end()
        return web.Response(status=204)

    async def _follow_up(self, request: web.Request) -> web.Response:
        exchange = self._exchange(request)
        body = await _body(request)
        exchange.private.append(body)
        return _json(payloads.message(payloads.new_id(), body))

    def _exchange(self, request: web.Request) -> Exchange:
        exchange = self.exchanges.get(request.match_info["token"])
        if exchange is None:
            body = json.dumps({"message": "Unknown interaction", "code": 10062})
            raise web.HTTPNotFound(text=body, content_type="application/json")
        return exchange


def _is_private(data: Payload) -> bool:
    return bool((data.get("flags") or 0) & _EPHEMERAL)


def _json(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """As Discord says it: discord.py does not take a content type with a charset for JSON."""
    body = json.dumps(data).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


async def _body(request: web.Request) -> Payload:
    """JSON, or the JSON part of a form with files."""
    if request.content_type.startswith("multipart/"):
        form = await request.post()
        body: Payload = json.loads(str(form["payload_json"]))
    else:
        body = await request.json()
    return body

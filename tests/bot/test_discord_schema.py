"""The check of requests against Discord's description finds what Discord would refuse."""

from typing import Any

import pytest
import simcord

from tests.bot import discord_schema

pytestmark = pytest.mark.skipif(not discord_schema.is_available(), reason=discord_schema.MISSING)


def request(path: str, body: Any, method: str = "POST") -> simcord.HttpLogEntry:
    return simcord.HttpLogEntry(method, path, {}, body, None)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/channels/1/messages", {"content": "x" * 4001}),
        ("/channels/1/messages", {"embeds": [{"description": "x" * 4097}]}),
        ("/channels/1/messages", {"embeds": "none"}),
        ("/interactions/1/token/callback", {"type": 99}),
        ("/no/such/path", {}),
    ],
)
def test_a_request_that_discord_would_refuse_is_found(path: str, body: Any) -> None:
    assert len(discord_schema.faults([request(path, body)])) >= 1


def test_a_good_request_passes() -> None:
    body = {"content": "slim", "attachments": [{"id": 0, "filename": "verse.txt"}]}
    assert discord_schema.faults([request("/channels/1/messages", body)]) == []

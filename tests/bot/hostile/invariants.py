"""What must hold whatever was typed."""

import json
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import simcord

from tests.bot.store.examples import query

_WRITES_MESSAGES = ("/messages", "/callback", "/webhooks/")
_UNSEEN = {"Cc", "Cs", "Cn"}
_REORDERS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def pings(requests: Iterable[simcord.HttpLogEntry]) -> list[str]:
    """Messages that could call somebody: each must say itself that it calls nobody."""
    found = []
    for request in requests:
        if request.method not in ("POST", "PATCH") or not isinstance(request.json, dict):
            continue
        if not any(part in request.path for part in _WRITES_MESSAGES):
            continue
        message = request.json.get("data", request.json) or {}
        allowed = message.get("allowed_mentions")
        if message.get("content") and (allowed is None or allowed.get("parse") != []):
            found.append(f"{request.method} {request.path}: {json.dumps(message)[:200]}")
    return found


def wrongly_stored(database: Path) -> list[str]:
    """Rows that should not be: unseen characters in names and seeds, words without a consent."""
    one_line = {
        "artists.name": "SELECT name FROM artists",
        "verses.seed": "SELECT seed FROM verses",
        "battles.seed": "SELECT seed FROM battles",
        "lyrics.title": "SELECT title FROM lyrics",
        "beats.style": "SELECT style FROM beats",
    }
    found = [
        f"{place}: {text!r}"
        for place, sql in one_line.items()
        for (text,) in query(database, sql)
        if _is_unclean(text)
    ]
    without = query(
        database, "SELECT id FROM lyrics WHERE origin = 'submission' AND consent_at IS NULL"
    )
    long = query(database, "SELECT name FROM artists WHERE length(name) > 80")
    foreign = query(database, "PRAGMA foreign_key_check")
    return [*found, *map(str, without), *map(str, long), *map(str, foreign)]


def _is_unclean(text: Any) -> bool:
    return any(
        unicodedata.category(each) in _UNSEEN or each in _REORDERS for each in str(text or "")
    )

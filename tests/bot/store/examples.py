"""Rows to test with, each argument of which can be changed, and a way to read a file beside us."""

import hashlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.store import ImportedSong, NewBeat, NewCheckpoint, NewLyrics, NewVerse

WORDS = "I tie my shoes and hum a tune\nand miss the early bus at noon"


def database_url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def new_verse(**changes: Any) -> NewVerse:
    values: dict[str, Any] = {
        "artist": "Kettle Jones",
        "seed": "slim",
        "text": "slim as the rain on the window pane\nI whistle it once and again",
        "num_lines": 2,
        "temperature": 0.9,
        "top_k": 40,
        "top_p": 0.95,
        "repetition_penalty": 1.1,
        "rng_seed": 2**63 - 1,
        "checkpoint": "starter",
        "user_id": 2**62 + 1,
        "guild_id": 7,
    }
    return NewVerse(**{**values, **changes})


def new_beat(**changes: Any) -> NewBeat:
    values: dict[str, Any] = {
        "style": "Chorale",
        "bars": 8,
        "tempo": 90.0,
        "temperature": 0.9,
        "rng_seed": 2**63 - 1,
        "checkpoint": "beats-1",
        "steps_per_beat": 4,
        "num_prime_steps": 0,
        "prime": None,
        "result": b"MThd and all that follows",
        "user_id": 2**62 + 1,
        "guild_id": 7,
    }
    return NewBeat(**{**values, **changes})


def new_lyrics(**changes: Any) -> NewLyrics:
    text = changes.get("text", WORDS)
    values: dict[str, Any] = {
        "artist": "Kettle Jones",
        "title": "Noon Bus",
        "text": text,
        "fingerprint": fingerprint(text),
        "language": "en",
        "submitter_id": 11,
        "guild_id": 7,
        "consent_at": datetime(2026, 5, 1, 12, 0, tzinfo=UTC),
        "source": "modal",
    }
    return NewLyrics(**{**values, **changes})


def song(title: str = "Noon Bus", text: str = WORDS, artist: str = "Kettle Jones") -> ImportedSong:
    return ImportedSong(
        artist=artist, title=title, text=text, fingerprint=fingerprint(text), language="en"
    )


def new_checkpoint(version: str = "starter", **changes: Any) -> NewCheckpoint:
    values: dict[str, Any] = {"version": version, "folder": version, "bits_per_character": 1.8}
    return NewCheckpoint(**{**values, **changes})


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def query(path: Path, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Asks (or changes) a database file past the bot, as another program would."""
    connection = sqlite3.connect(path)
    try:
        with connection:
            return connection.execute(sql, parameters).fetchall()
    finally:
        connection.close()

"""A verse as the store has it, for the tests of what is made of one."""

from datetime import UTC, datetime
from typing import Any

from bot.store import Verse


def make_verse(text: str, **changes: Any) -> Verse:
    values: dict[str, Any] = {
        "id": 7,
        "artist": "Mara Quill",
        "seed": "slim",
        "text": text,
        "num_lines": 8,
        "temperature": 0.8,
        "top_k": 0,
        "top_p": 0.9,
        "repetition_penalty": 1.1,
        "rng_seed": 1,
        "checkpoint": "starter-1",
        "user_id": 1,
        "created_at": datetime.now(UTC),
    }
    return Verse(**values | changes)

"""What stands behind a card: the verse or the beat as JSON, and the files that hang on it."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.store import Beat, Store, Verse, name_of

_BUTTON = re.compile(r"cypher:\d+:(again|beatagain):(\d+)")


async def made(store: Store, message: simcord.ResponseMessage | None) -> dict[str, Any]:
    """`verse` and `beat`, by the number in its buttons; None where it is no card of one."""
    rows = message.components if message else []
    custom_ids = (each.get("custom_id", "") for row in rows for each in row["components"])
    numbers = {found[1]: int(found[2]) for each in custom_ids if (found := _BUTTON.fullmatch(each))}
    verse = await store.verses.get(numbers["again"]) if "again" in numbers else None
    beat = await store.beats.get(numbers["beatagain"]) if "beatagain" in numbers else None
    return {"verse": verse and _verse(verse), "beat": beat and _beat(beat)}


async def saved(attachments: Sequence[discord.Attachment], folder: Path) -> list[str]:
    """Writes them there, over those of the same name; where each one is."""
    files = {folder / Path(each.filename).name: await each.read() for each in attachments}
    await asyncio.to_thread(_write, files)
    return list(map(str, files))


def _write(files: Mapping[Path, bytes]) -> None:
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _verse(verse: Verse) -> dict[str, Any]:
    return {
        "id": verse.id,
        "text": verse.text,
        "artist": verse.artist,
        "seed": verse.seed,
        "checkpoint": verse.checkpoint,
        "rng_seed": verse.rng_seed,
        "lines": verse.num_lines,
        "scheme": verse.scheme,
        "num_candidates": verse.num_candidates,
        "mix": {"artist": verse.mix_artist, "share": verse.mix_share} if verse.mix_artist else None,
    }


def _beat(beat: Beat) -> dict[str, Any]:
    return {
        "id": beat.id,
        "style": name_of(beat.style),
        "bars": beat.bars,
        "tempo": beat.tempo,
        "temperature": beat.temperature,
        "checkpoint": beat.checkpoint,
        "rng_seed": beat.rng_seed,
    }

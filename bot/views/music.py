"""A beat in a message: its picture, a player, and the file to keep."""

import io
from collections.abc import Iterator
from typing import Any

import discord

from bot.locale import Translator
from bot.rendering.beat_files import BeatFiles

_MAX_ALT = 1024


def attach_music(
    embed: discord.Embed, stem: str, files: BeatFiles, _: Translator
) -> tuple[discord.Embed, tuple[discord.File, ...]]:
    """The embed with the picture, and the files to attach, of which Discord plays the sound."""
    attached = tuple(_attached(stem, files, _))
    if files.picture is None:
        return embed, attached
    # With words for those who do not see it, for which discord.py has no argument yet.
    url = f"attachment://{attached[0].filename}"
    shown: dict[str, Any] = {**embed.to_dict()}
    shown["image"] = {"url": url, "description": attached[0].description}
    return discord.Embed.from_dict(shown), attached


def _attached(stem: str, files: BeatFiles, _: Translator) -> Iterator[discord.File]:
    """The picture first, then the player, then what to keep."""
    alt = _.say(files.description)[:_MAX_ALT] if files.description else None
    if files.picture is not None:
        yield discord.File(io.BytesIO(files.picture), f"{stem}.png", description=alt)
    if files.audio is not None:
        yield discord.File(io.BytesIO(files.audio), f"{stem}.mp3")
    yield discord.File(io.BytesIO(files.midi), f"{stem}.mid")

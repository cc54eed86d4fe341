"""A fine-tune beside the load: songs of an artist new to the bot, and an admin's /retrain."""

import asyncio
import os
import random
import sys
from asyncio.subprocess import PIPE, STDOUT
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from benchmarks.crash.songs import write_song
from benchmarks.load.errors import LoadError
from tests.wire.bot_process import ROOT, without_settings
from tests.wire.rest import Exchange
from tests.wire.wire_discord import WireDiscord

_ARTIST = "Vera Volt"  # the starter checkpoint does not know her
_NUM_SONGS = 24
_ADMIN = 2
_PATIENCE_S = 1800.0
_SECONDS_BETWEEN_LOOKS = 0.5
_VERDICT = "· training run"  # before it, how the run ended


async def import_songs(folder: Path, settings: Path, data: Path) -> None:
    """`python -m bot import`, as an operator would. Raises LoadError."""
    rng, songs = random.Random(0), folder / _ARTIST
    songs.mkdir()
    for number in range(_NUM_SONGS):
        (songs / f"Take {number}.txt").write_text(write_song(rng), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "import", str(folder), "--config", str(settings), "--data", str(data)),
        cwd=ROOT,
        env=without_settings(os.environ),
        stdout=PIPE,
        stderr=STDOUT,
    )
    said, _ = await process.communicate()
    if process.returncode != 0:
        raise LoadError(f"The songs could not be imported.\n{said.decode()}")


@dataclass
class Finetune:
    """`alongside` are the scenarios that it ran beside from their begin to their end."""

    exchange: Exchange
    alongside: list[str] = field(default_factory=list)

    @classmethod
    async def begin(cls, discord: WireDiscord) -> Self:
        """Raises LoadError when the bot says no."""
        exchange = await discord.slash(_ADMIN, "retrain")
        async with asyncio.timeout(_PATIENCE_S):
            await exchange.ended.wait()
        if not exchange.shown.get("embeds"):
            raise LoadError(f"/retrain was answered: {exchange.told}")
        return cls(exchange)

    @property
    def is_running(self) -> bool:
        return _VERDICT not in self._embed["title"]

    async def until_ended(self) -> None:
        """Or for half an hour."""
        waited_s = 0.0
        while self.is_running and waited_s < _PATIENCE_S:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            waited_s += _SECONDS_BETWEEN_LOOKS

    def report(self) -> dict[str, Any]:
        """`told` is what the channel reads: the verdict, or how far the run is."""
        told = f"{self._embed['title']}: {self._embed.get('description') or ''}"
        return {
            "has_ended": not self.is_running,
            "told": told.replace("\n", " "),
            "alongside": self.alongside,
        }

    @property
    def _embed(self) -> dict[str, Any]:
        embed: dict[str, Any] = self.exchange.shown["embeds"][0]
        return embed

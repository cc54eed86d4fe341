"""A small Discord on real sockets, and what a bot process is started with to live on it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

import pytest

from model.checkpoint import save_checkpoint
from tests.factories import short_lined_checkpoint
from tests.wire.bot_process import BotProcess
from tests.wire.forked_bot import forked_bot
from tests.wire.wire_discord import WireDiscord, wire_discord


class Start(Protocol):
    def __call__(
        self, *, after: str = "", settings: str = ""
    ) -> AbstractAsyncContextManager[BotProcess]: ...


@pytest.fixture
async def discord(tmp_path: Path) -> AsyncIterator[WireDiscord]:
    async with wire_discord(tmp_path) as running:
        yield running


@pytest.fixture
def start(discord: WireDiscord, tmp_path: Path) -> Start:
    """Starts a bot process, each time over the same data, after some Python of the test's own, with
    some lines more in its configuration.
    """
    save_checkpoint(short_lined_checkpoint("starter-1"), tmp_path / "starter")
    path = tmp_path / "config.toml"
    shared = (
        f'[generation]\ncheckpoint = "{tmp_path / "starter"}"\nthreads = 1\ndevice = "cpu"\n'
        "[retraining]\nenabled = false\n"
    )

    def start_after(
        *, after: str = "", settings: str = ""
    ) -> AbstractAsyncContextManager[BotProcess]:
        path.write_text(f"{shared}{settings}\n")
        return forked_bot(discord.environment, path, tmp_path / "data", after=after)

    return start_after

"""The same bot process, forked, after some Python of a test's own."""

import contextlib
import os
import runpy
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from tests.wire.bot_process import ROOT, BotProcess, listening, without_settings
from tests.wire.forked_process import ForkedProcess


@contextlib.asynccontextmanager
async def forked_bot(
    environment: Mapping[str, str], settings: Path, data: Path, *, after: str = ""
) -> AsyncIterator[BotProcess]:
    """As `bot_process`."""
    process = ForkedProcess(
        _become,
        ["run", "--config", str(settings), "--data", str(data)],
        {**without_settings(os.environ), **environment},
        after,
        preloaded=["bot.cli.running", "bot.gateway"],
    )
    await process.listen()
    try:
        async with listening(BotProcess(process)) as bot:
            yield bot
    finally:
        await process.end()


def _become(
    arguments: Sequence[str], environment: Mapping[str, str], after: str, output: Connection
) -> None:
    for descriptor in (1, 2):
        os.dup2(output.fileno(), descriptor)
    output.close()
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    _trust_anew()
    sys.argv = ["bot", *arguments]
    exec(after, {})
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


def _trust_anew() -> None:
    """Whom SSL_CERT_FILE names, which aiohttp reads once, when it is imported."""
    import aiohttp.connector

    aiohttp.connector._SSL_CONTEXT_VERIFIED.load_default_certs()

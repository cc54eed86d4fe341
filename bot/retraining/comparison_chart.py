"""The picture of two versions, by a short process of its own: matplotlib takes much memory."""

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)

_PROGRAM = Path(__file__).with_name("comparison_program.py")
_TIMEOUT_S = 30.0


async def draw_comparison(values: dict[str, Any]) -> bytes | None:
    """A PNG; None, and a line in the log, where it cannot be drawn in time.

    `values` has "names" of two versions, "measures" (name to a pair of numbers) and "votes", of
    each version its share and the ends of its interval.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-P", str(_PROGRAM)),  # by its path: as a module it would load all of the bot
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            png, _ = await process.communicate(json.dumps(values).encode())
    except TimeoutError:
        process.kill()
        await process.wait()
        png = b""
    if process.returncode != 0 or not png:
        logger.warning("the picture of a comparison could not be drawn")
        return None
    return png

"""What the composition root tells of the whole bot."""

import asyncio
import json

from bot.telemetry.lag import TICK_S
from tests.bot.conftest import Stage


async def test_the_heartbeat_tells_what_an_operator_asks(stage: Stage) -> None:
    stage.app.status()
    await asyncio.sleep(2 * TICK_S)
    status = json.loads(json.dumps(stage.app.status()))
    assert status["ready"]
    assert status["checkpoint"] == "starter-1"
    assert status["num_waiting"] == 0
    assert status["loop_lag_ms"].keys() == {"p50", "p99", "max", "ticks"}

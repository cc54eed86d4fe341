"""The endpoint on loopback: metrics as text, health as a status."""

from typing import Any

import aiohttp
import pytest

from bot.config import MonitoringConfig
from bot.errors import OperatorError
from bot.telemetry.endpoint import monitoring
from bot.telemetry.metrics import Metrics

ON = MonitoringConfig(enabled=True, port=0)


async def ask(port: int | None, path: str) -> tuple[int, str, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as answer,
    ):
        return answer.status, answer.content_type, await answer.text()


async def test_health_is_200_while_the_bot_is_ready_and_503_else() -> None:
    status: dict[str, Any] = {"ready": True, "checkpoint": "starter-2"}
    async with monitoring(ON, Metrics(), lambda: status) as port:
        code, kind, said = await ask(port, "/health")
        assert (code, kind) == (200, "application/json")
        assert '"checkpoint": "starter-2"' in said
        status["ready"] = False
        assert (await ask(port, "/health"))[0] == 503


async def test_metrics_are_in_prometheus_text_format() -> None:
    metrics = Metrics()
    metrics.interaction("rap", "answered", 0.3)
    async with monitoring(ON, metrics, dict) as port:
        code, kind, said = await ask(port, "/metrics")
    assert (code, kind) == (200, "text/plain")
    assert 'cypher_interactions_total{name="rap",outcome="answered"} 1.0' in said
    assert "process_resident_memory_bytes" in said


async def test_nothing_else_is_there() -> None:
    async with monitoring(ON, Metrics(), dict) as port:
        assert (await ask(port, "/"))[0] == 404


async def test_it_is_off_unless_asked_for() -> None:
    async with monitoring(MonitoringConfig(), Metrics(), dict) as port:
        assert port is None


async def test_a_port_that_is_taken_is_a_sentence_for_the_operator() -> None:
    async with monitoring(ON, Metrics(), dict) as port:
        assert port is not None
        taken = MonitoringConfig(enabled=True, port=port)
        with pytest.raises(OperatorError, match=f"listen on 127.0.0.1:{port}"):
            async with monitoring(taken, Metrics(), dict):
                pass

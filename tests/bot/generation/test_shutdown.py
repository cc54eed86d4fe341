"""Leaving the service when the model hangs."""

import asyncio

import pytest

from bot.errors import EngineStopped
from bot.generation import GenerationService, dispatcher
from tests.bot.generation.conftest import Configure, Gate
from tests.bot.generation.test_service import asking, eventually


async def test_a_hanging_step_does_not_keep_the_service_from_closing(
    configure: Configure,
    gate: Gate,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(dispatcher, "_STOP_TIMEOUT_S", 0.05)
    async with GenerationService(configure()) as service:
        gate.close()
        task = asyncio.create_task(service.generate(asking()))
        await eventually(lambda: gate.is_holding)
    with pytest.raises(EngineStopped):
        await task
    assert "did not end" in caplog.text
    gate.open()

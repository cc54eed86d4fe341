"""Training pauses at once when somebody waits, and goes on when nobody has for a while."""

import asyncio
from contextlib import suppress

import pytest

from bot.retraining import courtesy
from bot.retraining.courtesy import make_way


class Heard:
    def __init__(self) -> None:
        self.orders: list[str] = []
        self.news = asyncio.Event()

    def pause(self) -> None:
        self._hear("pause")

    def go_on(self) -> None:
        self._hear("go")

    def _hear(self, order: str) -> None:
        self.orders.append(order)
        self.news.set()

    async def until(self, num_orders: int) -> None:
        async with asyncio.timeout(30):
            while len(self.orders) < num_orders:
                self.news.clear()
                await self.news.wait()


async def test_a_crowd_that_comes_and_goes_is_one_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courtesy, "_SECONDS_BETWEEN_LOOKS", 0.001)
    monkeypatch.setattr(courtesy, "_QUIET_S", 0.2)
    heard, looks = Heard(), 0

    def is_wanted() -> bool:
        nonlocal looks
        looks += 1
        return 3 < looks < 30 and looks % 2 == 0  # with gaps far shorter than the quiet

    way = asyncio.create_task(make_way(heard, is_wanted))
    await heard.until(2)
    assert looks >= 30
    assert heard.orders == ["pause", "go"]
    way.cancel()
    with suppress(asyncio.CancelledError):
        await way


async def test_where_nobody_comes_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courtesy, "_SECONDS_BETWEEN_LOOKS", 0.001)
    heard = Heard()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await make_way(heard, lambda: False)
    assert heard.orders == []

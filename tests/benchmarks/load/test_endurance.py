"""A crowd that asks on and on: how long it does, and when the memory is read."""

import itertools
from typing import Any, cast

from benchmarks.load.crowd import Crowd
from benchmarks.load.endurance import Endurance
from tests.wire.rest import Exchange

VERSE = {"embeds": [{"description": "slim"}]}


class ScriptedCrowd:
    """Every request is answered at once; of `num_lost` at first, nothing is heard."""

    def __init__(self, num_lost: int = 0) -> None:
        self.num_asked = 0
        self._num_lost = num_lost

    async def ask(self) -> Exchange:
        self.num_asked += 1
        exchange = Exchange({}, sent_at=0.0)
        if self.num_asked > self._num_lost:
            exchange.shown = dict(VERSE)
            exchange.end()
        return exchange


async def played(crowd: ScriptedCrowd, num_verses: int) -> dict[str, Any]:
    readings = itertools.count(300.0)
    endurance = Endurance(cast("Crowd", crowd), num_verses, lambda: next(readings), patience_s=0.01)
    await endurance.play()
    return endurance.report()


async def test_memory_is_read_at_the_start_at_round_numbers_and_at_the_end() -> None:
    report = await played(ScriptedCrowd(), 1500)
    assert report["verses"] == 1500
    assert report["memory_mb"] == {"0": 300.0, "1000": 301.0, "1500": 302.0}


async def test_who_is_not_answered_is_lost_and_the_others_go_on() -> None:
    report = await played(ScriptedCrowd(num_lost=3), 20)
    assert (report["verses"], report["lost"]) == (20, 3)


async def test_a_bot_that_answers_nobody_ends_it() -> None:
    crowd = ScriptedCrowd(num_lost=1000)
    report = await played(crowd, 10)
    assert (report["verses"], report["lost"]) == (0, crowd.num_asked)
    assert crowd.num_asked < 30

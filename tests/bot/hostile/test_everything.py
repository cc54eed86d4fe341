"""Hostile inputs to every command, form, button and suggestion break nothing and reach nobody.

In the suite it is a sample. HOSTILE_TRIES=15000 asks for as many tries; what Discord itself would
not let through, a third of them, is no input.
"""

import asyncio
import logging
import os
import shutil
from pathlib import Path

import hypothesis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.config import Config
from tests.bot import discord_schema
from tests.bot.conftest import Stage, on_stage
from tests.bot.hostile.invariants import pings, wrongly_stored
from tests.bot.hostile.walker import Walker

NUM_TRIES = int(os.environ.get("HOSTILE_TRIES", "80"))
NUM_MOVES = 20


async def walk(config: Config, data: st.DataObject) -> int:
    async with on_stage(config) as stage:
        walker = Walker(stage, data)
        for _ in range(NUM_MOVES):
            await walker.move()
        check(stage, config)
        return walker.num_inputs


def check(stage: Stage, config: Config) -> None:
    requests = list(stage.world.env.http_requests)
    if discord_schema.is_available():
        assert discord_schema.faults(requests) == []
    assert pings(requests) == []
    assert config.database_path is not None
    assert wrongly_stored(config.database_path) == []


@pytest.mark.timeout(0 if NUM_TRIES > 1000 else 120)
def test_nothing_breaks(
    config: Config, empty_database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    num_inputs = 0

    @settings(
        max_examples=-(-NUM_TRIES // NUM_MOVES),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(hypothesis.Phase.generate,),
    )
    @given(st.data())
    def one_world(data: st.DataObject) -> None:
        nonlocal num_inputs
        shutil.copy(empty_database, config.data_dir / "cypher.db")
        caplog.clear()
        num_inputs += asyncio.run(walk(config, data))
        assert [each for each in caplog.records if is_failure(each)] == []

    one_world()
    schema = "with" if discord_schema.is_available() else "without"
    logging.getLogger(__name__).info("%d inputs, %s the request schema", num_inputs, schema)
    assert num_inputs >= NUM_TRIES / 3


def is_failure(record: logging.LogRecord) -> bool:
    """Of anybody: what goes wrong beneath the bot is its fault too."""
    return record.levelno >= logging.ERROR

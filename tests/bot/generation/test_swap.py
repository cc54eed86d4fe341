"""Changing the checkpoint under way, and what a dead engine means for those who wait."""

import asyncio
import json
from pathlib import Path

import pytest

from bot.errors import CheckpointError, EngineStopped
from bot.generation import GenerationService
from model.checkpoint import save_checkpoint
from tests.bot.generation.conftest import Configure, Gate
from tests.bot.generation.test_service import asking, settle
from tests.factories import short_lined_checkpoint


@pytest.fixture
def candidate(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "checkpoints" / "v2"
    save_checkpoint(short_lined_checkpoint("v2", seed=5), folder)
    return folder


async def test_verses_in_flight_finish_on_the_old_checkpoint_and_new_ones_start_on_the_new(
    configure: Configure, gate: Gate, candidate: Path
) -> None:
    async with GenerationService(configure(num_slots=1)) as service:
        before = await service.generate(asking())
        gate.close()
        begun = asyncio.create_task(service.generate(asking()))
        queued = asyncio.create_task(service.generate(asking(user_id=2)))
        await settle()
        swapping = asyncio.create_task(service.swap(candidate))
        gate.open()
        await swapping
        after = await service.generate(asking())
        assert service.live_version == after.checkpoint == "v2"
        assert after.text != before.text
        assert (await begun).text == before.text
        assert (await queued).checkpoint in {"starter-1", "v2"}


async def test_a_swap_outlives_a_restart_and_can_be_undone(
    configure: Configure, candidate: Path, starter: Path
) -> None:
    async with GenerationService(configure()) as service:
        await service.swap(candidate)
    async with GenerationService(configure()) as service:
        assert service.live_version == "v2"
        await service.swap(starter)
        assert service.live_version == "starter-1"
    async with GenerationService(configure()) as service:
        assert service.live_version == "starter-1"


async def test_swapping_under_load_loses_no_verse(
    configure: Configure, candidate: Path, starter: Path
) -> None:
    async with GenerationService(configure(num_slots=4, candidates=1)) as service:
        expected = {(await service.generate(asking(rng_seed=n))).text for n in range(3)}
        await service.swap(candidate)
        expected |= {(await service.generate(asking(rng_seed=n))).text for n in range(3)}
        tasks = [
            asyncio.create_task(service.generate(asking(user_id=n, rng_seed=n % 3)))
            for n in range(40)
        ]
        for folder in (starter, candidate, starter):
            await service.swap(folder)
        assert {verse.text for verse in await asyncio.gather(*tasks)} <= expected


async def test_a_damaged_checkpoint_changes_nothing(configure: Configure, candidate: Path) -> None:
    weights = candidate / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    async with GenerationService(configure()) as service:
        with pytest.raises(CheckpointError, match="cut or altered"):
            await service.swap(candidate)
        assert service.live_version == "starter-1"
        assert (await service.generate(asking())).checkpoint == "starter-1"


async def test_a_pointer_that_cannot_be_written_changes_nothing(
    configure: Configure, candidate: Path
) -> None:
    async with GenerationService(configure()) as service:
        (candidate.parent / "live.json").mkdir()
        with pytest.raises(CheckpointError, match="cannot be written"):
            await service.swap(candidate)
        assert (await service.generate(asking())).checkpoint == "starter-1"


async def test_a_start_with_a_damaged_live_checkpoint_falls_back_and_says_so(
    configure: Configure, candidate: Path
) -> None:
    async with GenerationService(configure()) as service:
        await service.swap(candidate)
    (candidate / "config.json").write_text("{}")
    async with GenerationService(configure()) as service:
        assert service.live_version == "starter-1"
        assert "v2" in service.warnings[0]
    assert json.loads((candidate.parent / "live.json").read_text())["live"] == "v2"


async def test_without_any_checkpoint_the_start_stops_with_a_remedy(
    configure: Configure, tmp_path: Path
) -> None:
    with pytest.raises(CheckpointError) as missing:
        async with GenerationService(configure(checkpoint=str(tmp_path / "nowhere"))):
            pass
    assert "checkpoints/starter" in missing.value.remedy


async def test_a_dead_engine_fails_every_caller_and_a_swap_mends_it(
    configure: Configure, gate: Gate, candidate: Path
) -> None:
    async with GenerationService(configure(num_slots=2)) as service:
        gate.close()
        tasks = [asyncio.create_task(service.generate(asking(user_id=n))) for n in range(5)]
        await settle()
        gate.error = RuntimeError("the device is gone")
        gate.open()
        for task in tasks:
            with pytest.raises(EngineStopped):
                await task
        assert service.failure is not None
        assert "the device is gone" in service.failure
        with pytest.raises(EngineStopped):
            await service.generate(asking())
        with pytest.raises(CheckpointError, match="the device is gone"):
            await service.swap(candidate)
        gate.error = None
        await service.swap(candidate)
        assert service.failure is None
        assert (await service.generate(asking())).checkpoint == "v2"

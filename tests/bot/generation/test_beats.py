"""Beats beside verses: the same queue, thread and bounds, and a checkpoint of their own."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.errors import (
    BadPrime,
    CheckpointError,
    DeadlineExceeded,
    EngineStopped,
    NoBeats,
    QueueFull,
    TooManyWaiting,
    UnknownStyle,
)
from bot.generation import BeatRequest, GeneratedBeat, GenerationService, Waiting
from bot.telemetry.metrics import Metrics
from model.beats.checkpoint import load_beat_checkpoint, save_beat_checkpoint
from model.beats.plan import MAX_BARS, plan_beat
from model.beats.writer import BeatWriter, write_beats
from model.midi import write_midi
from tests.bot.generation.conftest import Configure, Gate
from tests.bot.generation.test_service import asking as asking_verse
from tests.bot.generation.test_service import settle
from tests.factories import tiny_beat_checkpoint


def asking(**changes: Any) -> BeatRequest:
    usual: dict[str, Any] = {"user_id": 1, "style": "march", "bars": 2, "rng_seed": 7}
    return BeatRequest(**usual | changes)


@pytest.fixture
def beats(starter_beats: Path) -> dict[str, Any]:
    return {"checkpoint": str(starter_beats)}


@pytest.fixture
async def service(configure: Configure, beats: dict[str, Any]) -> AsyncIterator[GenerationService]:
    async with GenerationService(configure(beats)) as running:
        yield running


@pytest.fixture
def candidate(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "beats" / "b2"
    save_beat_checkpoint(tiny_beat_checkpoint("b2", seed=5), folder)
    return folder


async def test_a_beat_is_what_the_model_writes_from_its_seed(
    service: GenerationService, starter_beats: Path
) -> None:
    beat = await service.compose(asking(style=" Waltz", tempo=120.0))
    checkpoint = load_beat_checkpoint(starter_beats)
    (alone,) = write_beats(checkpoint, [plan_beat(checkpoint, "waltz", 2, 7)])
    assert alone.roll is not None
    assert beat.roll.chords == alone.roll.chords
    assert (beat.style, beat.bars, beat.tempo, beat.roll.tempo) == ("waltz", 2, 120.0, 120.0)
    assert (beat.checkpoint, beat.rng_seed, beat.num_prime_steps) == ("beats-1", 7, 0)


async def test_a_beat_says_all_that_it_takes_to_write_it_again(service: GenerationService) -> None:
    prime = await service.beats.prime_of(write_midi(service.beats.prime_of_chords("Am F", "march")))
    beat = await service.compose(asking(prime=prime, rng_seed=None, temperature=0.9))
    assert beat.num_prime_steps == 32
    again = await service.compose(
        asking(
            prime=await service.beats.prime_of(write_midi(prime)),
            rng_seed=beat.rng_seed,
            temperature=beat.temperature,
            tempo=beat.tempo,
            bars=beat.bars,
            style=beat.style,
        )
    )
    assert again.roll.chords == beat.roll.chords
    assert len(beat.roll) == 64


async def test_nobody_s_beat_depends_on_who_else_asks(service: GenerationService) -> None:
    alone = await service.compose(asking())
    crowd = [
        *(service.compose(asking(user_id=n, rng_seed=n)) for n in range(2, 6)),
        *(service.generate(asking_verse(user_id=n)) for n in range(2, 6)),
    ]
    tasks = [asyncio.ensure_future(each) for each in crowd]
    again = await service.compose(asking())
    made = await asyncio.gather(*tasks)
    assert again.roll.chords == alone.roll.chords
    beats = [each.roll.chords for each in made if isinstance(each, GeneratedBeat)]
    assert len(beats) == len(set(beats)) == 4


async def test_what_cannot_be_asked_for_is_refused(service: GenerationService) -> None:
    assert service.beats.styles == ("march", "waltz")
    with pytest.raises(UnknownStyle) as unknown:
        await service.compose(asking(style="polka"))
    assert unknown.value.styles == ("march", "waltz")
    for impossible in ({"bars": 0}, {"bars": 33}, {"tempo": 5.0}, {"temperature": 0.0}):
        with pytest.raises(ValueError, match="must lie"):
            await service.compose(asking(**impossible))
    with pytest.raises(BadPrime, match="not a MIDI file"):
        await service.beats.prime_of(b"no music")
    with pytest.raises(BadPrime, match="as chords"):
        service.beats.prime_of_chords("Xm", "march")


async def test_the_usual_style_comes_first(configure: Configure, beats: dict[str, Any]) -> None:
    async with GenerationService(configure(beats | {"default_style": "waltz"})) as service:
        assert service.beats.styles == ("waltz", "march")
        assert service.beats.usual_tempo("Waltz") == 140.0


async def test_verses_and_beats_are_bounded_together(
    configure: Configure, beats: dict[str, Any], gate: Gate
) -> None:
    config = configure(
        beats | {"num_slots": 1}, num_slots=2, candidates=2, max_waiting=3, max_waiting_per_user=2
    )
    async with GenerationService(config) as service:
        gate.close()

        def ask(kind: str, user_id: int) -> asyncio.Task[Any]:
            if kind == "beat":
                return asyncio.create_task(service.compose(asking(user_id=user_id)))
            return asyncio.create_task(service.generate(asking_verse(user_id=user_id)))

        tasks = [ask("beat", 1), ask("verse", 1)]
        await settle()
        assert [service.num_writing_of(kind) for kind in ("verse", "beat")] == [1, 1]
        tasks += [ask("beat", 1), ask("verse", 1)]
        await settle()
        with pytest.raises(TooManyWaiting):
            await service.compose(asking())
        tasks.append(ask("beat", 2))
        await settle()
        assert service.num_waiting == 3
        assert service.num_waiting_of("beat") == 2
        with pytest.raises(QueueFull):
            await service.compose(asking(user_id=3))
        gate.open()
        await asyncio.gather(*tasks)


async def test_a_full_beats_engine_delays_no_verse(
    configure: Configure, beats: dict[str, Any], gate: Gate
) -> None:
    async with GenerationService(configure(beats | {"num_slots": 1})) as service:
        gate.close()
        composing = [
            asyncio.create_task(service.compose(asking(user_id=n, bars=MAX_BARS))) for n in (1, 2)
        ]
        await settle()
        told: list[Waiting] = []

        async def tell(waiting: Waiting) -> None:
            told.append(waiting)

        gate.open()
        await service.generate(asking_verse(user_id=3), tell)
        assert not composing[1].done()
        assert service.num_waiting_of("beat") == 1
        for task in composing:
            task.cancel()
        await asyncio.gather(*composing, return_exceptions=True)


async def test_a_beat_that_takes_too_long_is_given_up_and_frees_its_slot(
    configure: Configure, beats: dict[str, Any], gate: Gate
) -> None:
    async with GenerationService(configure(beats, deadline_s=0.05)) as service:
        gate.close()
        with pytest.raises(DeadlineExceeded):
            await service.compose(asking())
        gate.open()
        async with asyncio.timeout(5):
            while service.num_writing_of("beat"):
                await asyncio.sleep(0.005)


async def test_without_a_checkpoint_of_beats_verses_are_written_all_the_same(
    configure: Configure, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    missing = configure({"checkpoint": str(tmp_path / "nowhere")})
    with caplog.at_level(logging.WARNING):
        async with GenerationService(missing) as service:
            assert service.beats.styles == ()
            assert service.beats.version is None
            assert service.failure is None
            with pytest.raises(NoBeats):
                await service.compose(asking())
            assert (await service.generate(asking_verse())).text
            (warning,) = service.beats.warnings
    assert "nowhere" in warning
    assert "checkpoints/beats" in warning
    assert any("there are no beats" in each.getMessage() for each in caplog.records)


async def test_a_swap_brings_beats_where_there_were_none(
    configure: Configure, tmp_path: Path, candidate: Path
) -> None:
    config = configure({"checkpoint": str(tmp_path / "nowhere")})
    async with GenerationService(config) as service:
        await service.beats.swap(candidate)
        assert (await service.compose(asking())).checkpoint == "b2"
    async with GenerationService(config) as service:
        assert service.beats.version == "b2"


async def test_beats_in_flight_finish_on_the_old_checkpoint_and_verses_stay_as_they_are(
    configure: Configure, beats: dict[str, Any], gate: Gate, candidate: Path, starter_beats: Path
) -> None:
    async with GenerationService(configure(beats)) as service:
        before = await service.compose(asking())
        gate.close()
        begun = asyncio.create_task(service.compose(asking()))
        await settle()
        swapping = asyncio.create_task(service.beats.swap(candidate, instead_of="beats-1"))
        gate.open()
        await swapping
        after = await service.compose(asking())
        assert (await begun).roll.chords == before.roll.chords != after.roll.chords
        assert ((await begun).checkpoint, after.checkpoint) == ("beats-1", "b2")
        assert service.live_version == "starter-1"
        with pytest.raises(CheckpointError, match="b2 is live by now"):
            await service.beats.swap(starter_beats, instead_of="beats-1")
    async with GenerationService(configure(beats)) as service:
        assert service.beats.version == "b2"


async def test_a_damaged_live_one_gives_way_to_the_starter_with_a_warning(
    configure: Configure, beats: dict[str, Any], candidate: Path
) -> None:
    async with GenerationService(configure(beats)) as service:
        await service.beats.swap(candidate)
    (candidate / "config.json").write_text("{}")
    async with GenerationService(configure(beats)) as service:
        assert service.beats.version == "beats-1"
        assert "b2" in service.beats.warnings[0]


async def test_a_checkpoint_of_verses_is_none_of_beats(configure: Configure, starter: Path) -> None:
    async with GenerationService(configure({"checkpoint": str(starter)})) as service:
        assert service.beats.styles == ()


async def test_a_dead_engine_of_beats_leaves_the_verses_alone(
    configure: Configure, beats: dict[str, Any], candidate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_: BeatWriter) -> list[Any]:
        raise RuntimeError("the device is gone")

    async with GenerationService(configure(beats)) as service:
        with monkeypatch.context() as patched:
            patched.setattr(BeatWriter, "step", die)
            with pytest.raises(EngineStopped):
                await service.compose(asking())
        with pytest.raises(EngineStopped):
            await service.compose(asking())
        assert service.failure is None
        assert (await service.generate(asking_verse())).text
        await service.beats.swap(candidate)
        assert (await service.compose(asking())).checkpoint == "b2"


async def test_beats_are_counted_apart_from_verses(
    configure: Configure, beats: dict[str, Any]
) -> None:
    metrics = Metrics()
    async with GenerationService(configure(beats), metrics) as service:
        await service.compose(asking())
    lines = metrics.text().decode().splitlines()
    assert 'cypher_works_total{kind="beat",outcome="answered"} 1.0' in lines
    steps = next(line for line in lines if line.startswith('cypher_batch_rows_sum{kind="beat"}'))
    assert float(steps.split()[-1]) >= 32

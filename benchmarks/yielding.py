"""How long a verse takes: idle, beside a training run, and where that makes way for it."""

import argparse
import asyncio
import hashlib
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.crash.songs import write_song
from benchmarks.machine import busy_warning, machine_facts
from bot.config import Config, load_config
from bot.generation import GenerationService
from bot.generation.requests import VerseRequest
from bot.retraining import RetrainingService, run
from bot.store import ImportedSong, NewCheckpoint, Store, migrate, open_store
from model.sampling import SamplingParameters

_ARTIST = "Vera Volt"  # the starter checkpoint does not know her
_NUM_SONGS = 24
_MEMBER = 1


def add_command(commands: Any) -> None:
    """Add `yielding` to the parser of `python -m benchmarks`."""
    parser = commands.add_parser("yielding", help=__doc__, description=__doc__)
    parser.add_argument(
        "--verses", type=int, default=40, help="in each of the three cases (default: 40)"
    )
    parser.add_argument(
        "--pause", type=float, default=2.0, help="seconds between two of them, on average"
    )
    parser.add_argument("--threads", type=int, default=1, help="of training (default: 1)")
    parser.set_defaults(run=run_command)


def run_command(options: argparse.Namespace) -> int:
    """Always 0: the figures are for people."""
    facts = machine_facts()
    with tempfile.TemporaryDirectory(prefix="cypher-yielding-") as folder:
        report = asyncio.run(_measured(Path(folder), options))
    print(json.dumps({"machine": facts, **report}, indent=1))
    if warning := busy_warning(facts):
        print(warning, file=sys.stderr)
    return 0


async def _measured(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    config = load_config(None, folder, {})
    long = {"threads": options.threads, "epochs": 1000, "max_minutes": 600.0}
    retraining = config.retraining.model_copy(update=long)
    config = config.model_copy(update={"retraining": retraining})
    await migrate.upgrade(config.database.url)
    async with (
        open_store(config.database.url) as store,
        GenerationService(config) as generation,
    ):
        await _prepare(store, generation)
        takes: dict[str, list[float]] = {}

        async def take(name: str) -> None:
            print(name, file=sys.stderr, flush=True)
            takes[name] = await _ask(generation, options.verses, options.pause)

        await _ask(generation, 3, 0.0)  # to warm up
        await take("idle")
        with patch.object(run, "make_way", _never):
            async with _training(config, store, generation):
                await take("training")
        async with _training(config, store, generation):
            await take("making way")
        await take("idle again")
    return {name: _figures(each, takes["idle"]) for name, each in takes.items()}


async def _prepare(store: Store, generation: GenerationService) -> None:
    rng = random.Random(0)
    version = generation.live_version
    await store.checkpoints.record(NewCheckpoint(version=version, folder="checkpoints/starter"))
    await store.checkpoints.promote(version)
    await store.lyrics.import_songs(
        [_song(f"Take {number}", write_song(rng)) for number in range(_NUM_SONGS)]
    )


def _song(title: str, text: str) -> ImportedSong:
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    return ImportedSong(
        artist=_ARTIST, title=title, text=text, fingerprint=fingerprint, language="en"
    )


@asynccontextmanager
async def _training(
    config: Config, store: Store, generation: GenerationService
) -> AsyncIterator[None]:
    """Within, a run is at its main stage."""
    async with RetrainingService(config, store, generation) as retraining:
        record = await retraining.start(trigger="command", requested_by=None)
        async for progress in retraining.subscribe(record.id):
            if progress.stage == "training":
                break
        yield
        if retraining.current is None:
            raise RuntimeError("The run ended before the measurement did.")
        await retraining.cancel()


async def _ask(generation: GenerationService, num_verses: int, pause_s: float) -> list[float]:
    """Seconds of each verse. Members come by chance, one after the other."""
    rng = random.Random(1)
    artists = generation.artists(None)
    seconds = []
    for _ in range(num_verses):
        await asyncio.sleep(rng.expovariate(1 / pause_s) if pause_s else 0.0)
        request = VerseRequest(
            user_id=_MEMBER,
            artist=rng.choice(artists),
            seed="the night",
            lines=8,
            sampling=SamplingParameters(),
            rng_seed=rng.getrandbits(62),
        )
        began = time.perf_counter()
        with generation.place():
            await generation.generate(request)
        seconds.append(time.perf_counter() - began)
    return seconds


async def _never(child: object, is_wanted: Callable[[], bool]) -> None:
    """Training that makes no way."""


def _figures(seconds: list[float], idle: list[float]) -> dict[str, float]:
    p95 = statistics.quantiles(seconds, n=20)[-1]
    return {
        "p50_s": round(statistics.median(seconds), 3),
        "p95_s": round(p95, 3),
        "p95_to_idle": round(p95 / statistics.quantiles(idle, n=20)[-1], 2),
    }

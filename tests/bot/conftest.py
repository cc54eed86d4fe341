"""The whole bot on a simulated Discord: tiny checkpoint, real database, an admin, three members."""

import asyncio
import contextlib
import logging
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

from bot.app import App, build
from bot.commands import error_handler
from bot.config import Config, load_config
from bot.errors import TrainingBusy
from bot.local import World, simulated_discord
from bot.rendering.renderer import Renderer
from bot.store import LessonKind, Store, TrainingRun
from model.beats.checkpoint import save_beat_checkpoint
from model.checkpoint import save_checkpoint
from tests.bot import discord_schema
from tests.factories import short_lined_checkpoint, tiny_beat_checkpoint

ARTIST = "Mara Quill"
PNG = bytes.fromhex(  # one violet pixel
    "89504e470d0a1a0a0000000d494844520000000100000001080200000090"
    "7753de0000000c49444154789c63a889f90f00032f01d822287bab000000"
    "0049454e44ae426082"
)
MP3 = b"ID3\x04\x00 as if it were music"


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository") / "starter"
    save_checkpoint(short_lined_checkpoint("starter-1"), folder)
    return folder


@pytest.fixture(scope="session")
def starter_beats(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of two styles, march and waltz."""
    folder = tmp_path_factory.mktemp("repository") / "beats"
    save_beat_checkpoint(tiny_beat_checkpoint("beats-1"), folder)
    return folder


@pytest.fixture
def config(starter: Path, starter_beats: Path, empty_database: Path, tmp_path: Path) -> Config:
    plain = load_config(None, tmp_path / "data", {})
    plain.data_dir.mkdir()
    shutil.copy(empty_database, plain.data_dir / "cypher.db")
    return plain.model_copy(
        update={
            "generation": plain.generation.model_copy(
                update={"checkpoint": str(starter), "threads": 1, "device": "cpu"}
            ),
            "beats": plain.beats.model_copy(update={"checkpoint": str(starter_beats)}),
            "queue": plain.queue.model_copy(update={"deadline_s": 10.0}),
            "local": plain.local.model_copy(update={"port": 0}),
        }
    )


@pytest.fixture
def config_with_beats(config: Config, starter_beats: Path) -> Config:
    """The same, and it writes beats: the tiny checkpoint knows the styles march and waltz."""
    beats = {"enabled": True, "checkpoint": str(starter_beats)}
    return config.model_copy(update={"beats": config.beats.model_copy(update=beats)})


@dataclass
class FakeTrainer:
    """A trainer that a test drives by hand: it reports what it is given, and ends when told."""

    store: Store | None = None
    current: Any = None
    picture: bytes | None = None
    is_cancelled: bool = False
    resumed: TrainingRun | None = None
    _reports: asyncio.Queue[Any] = field(default_factory=asyncio.Queue)

    async def start(
        self,
        *,
        trigger: Literal["schedule", "command"],
        requested_by: int | None,
        kind: LessonKind = "lyrics",
    ) -> TrainingRun:
        assert self.store is not None
        if (latest := await self.store.training_runs.latest()) and latest.state == "running":
            raise TrainingBusy(latest.id)
        return await self.store.training_runs.start(
            kind=kind,
            trigger=trigger,
            requested_by=requested_by,
            parent_checkpoint="starter-1",
            lyrics_ids=[],
        )

    async def cancel(self) -> None:
        self.is_cancelled = True

    def take_resumed(self) -> TrainingRun | None:
        return self.resumed

    def report(self, progress: Any) -> None:
        self.current = progress
        self._reports.put_nowait(progress)

    def end(self) -> None:
        self._reports.put_nowait(None)

    async def subscribe(self, run_id: int) -> AsyncIterator[Any]:
        while (progress := await self._reports.get()) is not None:
            yield progress

    def curve(self, run_id: int) -> bytes | None:
        return self.picture


class FakeRenderer(Renderer):
    """Draws and plays in no time. A test may take either away."""

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[str, bytes | None] = {"picture": PNG, "audio": MP3}

    async def _make(self, what: Literal["picture", "audio"], *_: Any, **__: Any) -> bytes | None:
        return self.made[what]


@dataclass
class Stage:
    app: App
    world: World
    trainer: FakeTrainer
    renderer: FakeRenderer
    may_log_errors: bool = False

    @property
    def store(self) -> Store:
        return self.app.services.store

    # Any: what simcord may leave out is what each test is about.
    @property
    def channel(self) -> Any:
        return self.world.channel

    @property
    def admin(self) -> Any:
        return self.world.admin

    @property
    def ben(self) -> Any:
        return self.world.members[0]

    @property
    def chen(self) -> Any:
        return self.world.members[1]

    @property
    def lin(self) -> Any:
        """Whose Discord speaks Chinese."""
        return self.world.members[2]

    async def restart(self) -> None:
        """A new bot over the same database and the same Discord."""
        bot = self.app.new_bot()
        await self.world.env.restart_bot(bot)
        bot.tree.error(error_handler.handle)

    async def rap(self, seed: str = "slim", artist: str = ARTIST, **options: Any) -> Any:
        """As Ben, /rap."""
        return await self.ben.slash(self.channel, "rap", seed=seed, artist=artist, **options)


@pytest.fixture
async def stage(config: Config, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Stage]:
    """Fails the test at its end for a request that Discord would refuse, or a logged error."""
    async with on_stage(config) as everything:
        yield everything
        requests = list(everything.world.env.http_requests)
    if discord_schema.is_available():
        assert discord_schema.faults(requests) == []
    errors = [record.getMessage() for record in caplog.get_records("call") if _is_error(record)]
    assert everything.may_log_errors or errors == []


@contextlib.asynccontextmanager
async def on_stage(config: Config) -> AsyncIterator[Stage]:
    trainer, renderer = FakeTrainer(), FakeRenderer()
    async with build(config, trainer=trainer, renderer=renderer) as app:
        trainer.store = app.services.store
        async with simulated_discord(app) as world:
            yield Stage(app, world, trainer, renderer)


def _is_error(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR and record.name.startswith(("bot", "discord"))

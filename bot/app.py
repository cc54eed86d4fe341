"""The composition root: builds everything in order, hands it out, and closes it in reverse."""

import contextlib
import math
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from bot.backup import BackupSchedule
from bot.commands import CypherBot, make_bot
from bot.config import Config
from bot.generation import GenerationService, RemovalWatch
from bot.rendering.beat_files import BeatFiler
from bot.rendering.renderer import Renderer
from bot.retraining import ModelVersions, RetrainingService, Trial
from bot.retraining.lines import KINDS, Line
from bot.retraining.promotion import follow
from bot.store import NewCheckpoint, Store, migrate, open_store
from bot.store.in_use import in_use
from bot.submissions import SubmissionService
from bot.telemetry.endpoint import monitoring
from bot.telemetry.health import Heartbeat
from bot.telemetry.lag import LoopLag, lag_status
from bot.telemetry.logs import log_output
from bot.telemetry.metrics import Metrics
from bot.upkeep import Retention
from bot.views.background import Background
from bot.views.pending import Pending
from bot.views.referee import Referee
from bot.views.services import Services
from bot.views.trainer import Trainer


@dataclass(slots=True)
class App:
    """Everything but the connection. `bot` is the one that was made last."""

    services: Services
    lag: LoopLag
    bot: CypherBot | None = None

    def new_bot(self) -> CypherBot:
        """One for each connection: discord.py's client cannot be used again after a failed one."""
        self.bot = make_bot(self.services)
        return self.bot

    @property
    def is_ready(self) -> bool:
        has_engine = self.services.generation.failure is None
        return has_engine and self.bot is not None and self.bot.is_ready()

    def status(self) -> dict[str, Any]:
        """For the heartbeat; the lag is that since the last call."""
        return {**self.health(), "loop_lag_ms": lag_status(self.lag.take())}

    def health(self) -> dict[str, Any]:
        generation = self.services.generation
        return {
            "ready": self.is_ready,
            "checkpoint": generation.live_version,
            "beats": generation.beats.version,
            "num_waiting": generation.num_waiting,
        }

    def tell_gauges(self) -> None:
        """What is looked up when Prometheus asks."""
        generation, trainer = self.services.generation, self.services.retraining
        gauge, by_kind = self.services.metrics.gauge, self.services.metrics.gauge_by_kind
        gauge("cypher_ready", "1 while the bot may be used.", lambda: self.is_ready)
        by_kind("cypher_waiting", "In the queue.", generation.num_waiting_of)
        by_kind("cypher_writing", "Being written.", generation.num_writing_of)
        gauge(
            "cypher_training_fraction",
            "Of the training run under way, 0 to 1; 0 while there is none.",
            lambda: trainer.current.fraction if trainer.current else 0.0,
        )
        gauge(
            "cypher_gateway_latency_seconds",
            "Between a heartbeat and Discord's answer; NaN before the first.",
            lambda: self.bot.latency if self.bot else math.nan,
        )
        gauge(
            "cypher_servers", "Where the bot is.", lambda: len(self.bot.guilds) if self.bot else 0
        )


@contextlib.asynccontextmanager
async def build(
    config: Config,
    *,
    console_level: str | None = None,
    rng_seed: int | None = None,
    trainer: Trainer | None = None,
    renderer: Renderer | None = None,
) -> AsyncIterator[App]:
    """The bot's parts, running, over a migrated database. Raises OperatorError.

    `console_level` is for the terminal only; with `rng_seed` every verse and beat is made with
    that one; `trainer` takes the place of retraining, `renderer` that of what draws and plays.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(in_use(config.data_dir))
        stack.enter_context(log_output(config, console_level=console_level))
        await migrate.upgrade(config.database.url)
        services = await _enter_services(stack, config, trainer, rng_seed, renderer or Renderer())
        await stack.enter_async_context(BackupSchedule(config))
        metrics = services.metrics
        app = App(services, await stack.enter_async_context(LoopLag(metrics.loop_lag)))
        app.tell_gauges()
        await stack.enter_async_context(monitoring(config.monitoring, metrics, app.health))
        await stack.enter_async_context(Heartbeat(config.data_dir, app.status))
        yield app


async def _enter_services(
    stack: AsyncExitStack,
    config: Config,
    trainer: Trainer | None,
    rng_seed: int | None,
    renderer: Renderer,
) -> Services:
    metrics = Metrics()
    store = await stack.enter_async_context(open_store(config.database.url))
    generation = await stack.enter_async_context(GenerationService(config, metrics, renderer))
    removals = await stack.enter_async_context(RemovalWatch(store, generation))
    await _note_live_checkpoint(config, store, generation)
    async for texts in store.lyrics.all_texts():
        await generation.protect(texts)
    trial = await stack.enter_async_context(Trial(config, store, generation))
    if trainer is None:
        retraining = RetrainingService(config, store, generation, metrics=metrics, trial=trial)
        trainer = await stack.enter_async_context(retraining)
    await stack.enter_async_context(Retention(config.privacy, store))
    background = await stack.enter_async_context(Background().running())
    submissions = SubmissionService(config, store, generation, renderer)
    background.start(submissions.warm_up)
    return Services(
        config=config,
        store=store,
        generation=generation,
        removals=removals,
        retraining=trainer,
        versions=ModelVersions(config, store, generation, trainer.cancel, trial),
        submissions=submissions,
        background=background,
        pending=await stack.enter_async_context(Pending(store).running()),
        referee=await stack.enter_async_context(Referee(store, background).running()),
        metrics=metrics,
        beat_files=BeatFiler(renderer, makes_audio=config.beats.audio),
        rng_seed=rng_seed,
    )


async def _note_live_checkpoint(
    config: Config, store: Store, generation: GenerationService
) -> None:
    """The files say which checkpoint of each kind is live; the database follows, a first start
    included.
    """
    starters = {"lyrics": config.generation.checkpoint, "beats": config.beats.checkpoint}
    for kind in KINDS:
        line = Line(kind, config, generation)
        live, version = await store.checkpoints.live(kind), line.live_or_none
        if version is None or (live is not None and live.version == version):
            continue
        if await store.checkpoints.get(version) is None:
            starter = NewCheckpoint(kind=kind, version=version, folder=starters[kind])
            await store.checkpoints.record(starter)
        await follow(store, line)

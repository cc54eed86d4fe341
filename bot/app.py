"""The composition root: builds everything in order, hands it out, and closes it in reverse."""

import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from bot.commands import CypherBot
from bot.config import Config
from bot.generation import GenerationService
from bot.retraining import RetrainingService
from bot.store import NewCheckpoint, Store, migrate, open_store
from bot.telemetry.health import Heartbeat
from bot.telemetry.lag import LoopLag, lag_status
from bot.telemetry.logs import log_output
from bot.views.background import Background
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
        self.bot = CypherBot(self.services)
        return self.bot

    def status(self) -> dict[str, Any]:
        """For the heartbeat; the lag is that since the last call."""
        generation = self.services.generation
        return {
            "ready": generation.failure is None and self.bot is not None and self.bot.is_ready(),
            "checkpoint": generation.live_version,
            "num_waiting": generation.num_waiting,
            "loop_lag_ms": lag_status(self.lag.take()),
        }


@contextlib.asynccontextmanager
async def build(
    config: Config,
    *,
    console_level: str | None = None,
    rng_seed: int | None = None,
    trainer: Trainer | None = None,
) -> AsyncIterator[App]:
    """The bot's parts, running, over a migrated database. Raises OperatorError.

    `console_level` is for the terminal only; with `rng_seed` every verse is made with that one;
    `trainer` takes the place of retraining.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(log_output(config, console_level=console_level))
        await migrate.upgrade(config.database.url)
        store = await stack.enter_async_context(open_store(config.database.url))
        generation = await stack.enter_async_context(GenerationService(config))
        await _note_live_checkpoint(config, store, generation)
        async for texts in store.lyrics.all_texts():
            await generation.protect(texts)
        if trainer is None:
            service = RetrainingService(config, store, generation)
            trainer = await stack.enter_async_context(service)
        background = await stack.enter_async_context(Background().running())
        referee = await stack.enter_async_context(Referee(store, background).running())
        lag = await stack.enter_async_context(LoopLag())
        app = App(
            Services(
                config=config,
                store=store,
                generation=generation,
                retraining=trainer,
                background=background,
                referee=referee,
                rng_seed=rng_seed,
            ),
            lag,
        )
        await stack.enter_async_context(Heartbeat(config.data_dir, app.status))
        yield app


async def _note_live_checkpoint(
    config: Config, store: Store, generation: GenerationService
) -> None:
    """The files say which checkpoint is live; the database follows, a first start included."""
    live, version = await store.checkpoints.live(), generation.live_version
    if live is not None and live.version == version:
        return
    if await store.checkpoints.get(version) is None:
        starter = NewCheckpoint(version=version, folder=config.generation.checkpoint)
        await store.checkpoints.record(starter)
    await store.checkpoints.promote(version)
    await store.artists.ensure(generation.artists())

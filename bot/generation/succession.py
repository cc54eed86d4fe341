"""Which checkpoint of a kind is live, and how another takes its place under way."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

from bot.errors import CheckpointError, EngineStopped
from bot.generation.bench import Bench, Live
from bot.generation.dispatcher import Dispatcher
from bot.generation.registry import CheckpointRegistry, Kept

logger = logging.getLogger(__name__)

AnyLive = TypeVar("AnyLive", bound=Live[Any, Any])


class Succession(Generic[Kept, AnyLive]):
    """Loads what `registry` keeps, makes it ready by `alive`, and puts it to work on `bench`.

    `on_live` is told of each that has gone live.
    """

    def __init__(
        self,
        registry: CheckpointRegistry[Kept],
        bench: Bench[Any, Any],
        alive: Callable[[Kept], AnyLive],
        device: str,
        on_live: Callable[[AnyLive], None] = lambda _: None,
    ) -> None:
        self.registry = registry
        self._bench = bench
        self._alive = alive
        self._device = device
        self._on_live = on_live
        self._dispatcher: Dispatcher | None = None
        self._swapping = asyncio.Lock()
        self.live: AnyLive | None = None
        self.warnings: tuple[str, ...] = ()

    async def load(self) -> AnyLive:
        """The one that is to be live after a start; `warnings` says what was wrong with others.

        Raises CheckpointError when none loads.
        """

        def load() -> AnyLive:
            checkpoint, self.warnings = self.registry.load_live(self._device)
            return self._alive(checkpoint)

        return await asyncio.to_thread(load)

    async def begin(self, dispatcher: Dispatcher, live: AnyLive) -> None:
        """Raises CheckpointError when its engine cannot be built."""
        await dispatcher.open(self._bench, live)
        dispatcher.go_live(self._bench, live)
        self.live, self._dispatcher = live, dispatcher

    def stand_by(self, dispatcher: Dispatcher) -> None:
        """None is live, and one may be swapped in."""
        self._dispatcher = dispatcher

    def end(self) -> None:
        """The dispatcher takes nothing any more."""
        self._dispatcher = None

    async def swap(
        self, folder: Path, *, version: str | None = None, instead_of: str | None = None
    ) -> None:
        """See `GenerationService.swap`."""
        async with self._swapping:
            dispatcher = self._running()
            now = None if self.live is None else self.live.version
            if instead_of not in (None, now):
                raise CheckpointError(
                    f"{now} is live by now, and not {instead_of}.", "Train again."
                )
            live = await self._loaded(folder, version)
            await dispatcher.open(self._bench, live)
            try:
                await asyncio.to_thread(self.registry.promote, folder)
            except BaseException:
                dispatcher.retire(live)
                raise
            dispatcher.go_live(self._bench, live)
            self._on_live(live)
            self.live = live
            logger.info("checkpoint %s is live", live.version)

    async def try_out(self, folder: Path, version: str, share: float) -> None:
        """See `GenerationService.try_out`."""
        async with self._swapping:
            dispatcher = self._running()
            trial = await self._loaded(folder, version)
            await dispatcher.open(self._bench, trial)
            dispatcher.try_out(self._bench, trial, share)
            logger.info("checkpoint %s writes %g of what is asked for", version, share)

    def end_trial(self) -> None:
        """Harmless without one."""
        if self._dispatcher is not None:
            self._dispatcher.end_trial(self._bench)

    async def _loaded(self, folder: Path, version: str | None) -> AnyLive:
        """Raises CheckpointError when it does not load, or is another than `version`."""

        def load() -> AnyLive:
            return self._alive(self.registry.load(folder, self._device))

        live = await asyncio.to_thread(load)
        if version not in (None, live.version):
            raise CheckpointError(
                f"{folder} holds {live.version}, not {version}.", "Restore it from a backup."
            )
        return live

    def _running(self) -> Dispatcher:
        if self._dispatcher is None:
            raise EngineStopped
        return self._dispatcher

"""Generation as the rest of the bot sees it: ask for a verse and await it."""

import asyncio
import contextlib
import itertools
import logging
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.config import Config
from bot.errors import CheckpointError, DeadlineExceeded, EngineStopped, NotSayable, QueueFull
from bot.generation.dispatcher import Dispatcher, Job, Result
from bot.generation.explain import Explanation, WrittenVerse, explain
from bot.generation.hardware import choose_device, choose_num_threads
from bot.generation.live import LiveCheckpoint
from bot.generation.queue import FairQueue
from bot.generation.registry import CheckpointRegistry
from bot.generation.removed import RemovedArtists
from bot.generation.requests import GeneratedVerse, VerseRequest
from bot.generation.shares import most_at_once
from bot.generation.waiting import OnWait, await_result, verse_of
from bot.telemetry.metrics import Metrics
from model.checkpoint import Checkpoint
from model.copyguard import CopyOverlay, VerseGuard

logger = logging.getLogger(__name__)

_MAX_REWRITES = 3


class GenerationService:
    """Writes verses with the live checkpoint. An async context manager; enter it before the bot.

    Entering raises CheckpointError when no checkpoint loads; `warnings` says for the operator what
    was wrong with those that did not. `failure` is why no verse can be written, None when all is
    well; a swap to a checkpoint that works mends it.
    """

    def __init__(self, config: Config, metrics: Metrics | None = None) -> None:
        self._config = config
        self._metrics = metrics or Metrics()
        self._device = choose_device(config.generation.device)
        self._registry = CheckpointRegistry(config.checkpoints_dir, config.starter_checkpoint)
        self._submitted = CopyOverlay()
        self.removed = RemovedArtists()
        self._keys = itertools.count()
        self._num_places = 0  # that are kept
        self._swapping = asyncio.Lock()
        self._explaining = asyncio.Lock()
        self._dispatcher: Dispatcher | None = None
        self._live: LiveCheckpoint | None = None
        self.warnings: tuple[str, ...] = ()

    async def __aenter__(self) -> Self:
        live = await asyncio.to_thread(self._load_live)
        generation, queue = self._config.generation, self._config.queue
        dispatcher = Dispatcher(
            FairQueue[Job](
                max_waiting=queue.max_waiting, max_waiting_per_user=queue.max_waiting_per_user
            ),
            num_slots=generation.num_slots,
            max_candidates=generation.candidates,
            num_threads=choose_num_threads(generation.threads),
            metrics=self._metrics,
        )
        try:
            await dispatcher.open(live)
        except BaseException:
            await dispatcher.stop()
            raise
        dispatcher.go_live(live)
        self._dispatcher, self._live = dispatcher, live
        logger.info("verses are written by checkpoint %s on %s", live.version, self._device)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        dispatcher, self._dispatcher = self._dispatcher, None
        if dispatcher is not None:
            await dispatcher.stop()

    @property
    def live_version(self) -> str:
        return self._live_checkpoint.version

    @property
    def failure(self) -> str | None:
        """Why no verse can be written now, for the operator and the health check."""
        return "generation is closed" if self._dispatcher is None else self._dispatcher.failure

    @property
    def num_waiting(self) -> int:
        """Verses in the queue; those that are being written have left it."""
        return 0 if self._dispatcher is None else self._dispatcher.num_waiting

    @property
    def num_writing(self) -> int:
        return 0 if self._dispatcher is None else self._dispatcher.num_writing

    @property
    def num_wanted(self) -> int:
        """Verses that members wait for now, on their way in, in the queue or being written."""
        return self._num_places

    def voices(self) -> tuple[str, ...]:
        """Of everybody whom the live checkpoint has learned, in all servers: not for members."""
        return self._live_checkpoint.roster.voices

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(self._live_checkpoint.checkpoint.languages)

    def artists(self, guild_id: int | None) -> tuple[str, ...]:
        """The names that a server sees: its own artists, then those that all share."""
        return self._live_checkpoint.roster.seen_from(guild_id).names

    def resolve_artist(self, name: str, guild_id: int | None) -> str:
        """The voice of the artist of that name: a server's own, else a shared one.

        In any case, with or without accents and punctuation. Raises UnknownArtist with the nearest
        names.
        """
        return self._live_checkpoint.roster.seen_from(guild_id).resolve(name)

    def resolve_voice(self, voice: str, guild_id: int | None) -> str:
        """Exactly this voice where the server may hear it; else the artist of that name."""
        return self._live_checkpoint.roster.resolve_voice(voice, guild_id)

    def remove_artists(self, removed: RemovedArtists) -> None:
        """From now on these are hidden, whichever checkpoint is live, and no others."""
        self.removed = removed
        self._live_checkpoint.roster.remove(removed)

    def search_artists(self, text: str, limit: int, guild_id: int | None) -> list[str]:
        """What to offer to somebody who has typed `text`, the likeliest first."""
        return self._live_checkpoint.roster.seen_from(guild_id).search(text, limit)

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """For one verse until it is written. Raises QueueFull when slots and queue are spoken for.

        To be entered before a request waits for anything else, be it Discord or the database: a
        crowd would stand there, where nothing is bounded, instead of in the queue.
        """
        max_waiting, generation = self._config.queue.max_waiting, self._config.generation
        at_once = most_at_once(generation.num_slots, generation.candidates)
        if self._num_places >= at_once + max_waiting:
            raise QueueFull(self._running_dispatcher().retry_after_s(max_waiting))
        self._num_places += 1
        try:
            yield
        finally:
            self._num_places -= 1

    async def generate(
        self, request: VerseRequest, on_wait: OnWait | None = None
    ) -> GeneratedVerse:
        """Write a verse; cancelling the awaiting task ends the work on it.

        `on_wait` is awaited after two seconds, then when the position has changed, at most every
        five seconds. A verse that may not stand is written again, a few times, before the deadline.
        Raises UnknownArtist, BadSeed, NotSayable, QueueFull, TooManyWaiting, DeadlineExceeded or
        EngineStopped; ValueError when `lines` is outside of 1 to the configured `max_lines`.
        """
        with self._metrics.verse():
            return await self._generate(request, on_wait)

    async def _generate(self, request: VerseRequest, on_wait: OnWait | None) -> GeneratedVerse:
        loop = asyncio.get_running_loop()
        started = loop.time()
        max_lines, deadline_s = self._config.generation.max_lines, self._config.queue.deadline_s
        if not 1 <= request.lines <= max_lines:
            raise ValueError(f"lines must lie between 1 and {max_lines}, not {request.lines}.")
        request = self._resolved(request)
        rng_seed = secrets.randbits(63) if request.rng_seed is None else request.rng_seed
        for seed in range(rng_seed, rng_seed + 1 + _MAX_REWRITES):
            result = await self._write(request, seed % 2**63, started + deadline_s, on_wait)
            if request.may_stand is None or request.may_stand(result.text):
                return verse_of(request, seed % 2**63, result, loop.time() - started)
        raise NotSayable

    async def _write(
        self, request: VerseRequest, rng_seed: int, deadline: float, on_wait: OnWait | None
    ) -> Result:
        dispatcher = self._running_dispatcher()
        job = dispatcher.submit(request, rng_seed, deadline)
        limit = asyncio.timeout_at(deadline)
        try:
            async with limit:
                return await await_result(dispatcher, job, on_wait)
        except TimeoutError:
            if limit.expired():
                raise DeadlineExceeded(self._config.queue.deadline_s) from None
            raise
        finally:
            dispatcher.withdraw(job)

    async def explain(self, verse: WrittenVerse) -> Explanation:
        """What the live checkpoint can say of a verse: one at a time, so that verses go on."""
        async with self._explaining:
            return await asyncio.to_thread(explain, self._live_checkpoint, verse)

    async def protect(self, texts: Iterable[str]) -> None:
        """From now on, whichever checkpoint is live, no verse that begins may copy these lyrics."""
        await asyncio.to_thread(self._submitted.protect, texts)

    def guard(self, before: str = "") -> VerseGuard:
        """What the next line after `before` may not copy."""
        return self._live_checkpoint.guard(before)

    def _resolved(self, request: VerseRequest) -> VerseRequest:
        """With the artists' names as the checkpoint spells them; one with themself is no mix."""
        roster = self._live_checkpoint.roster
        artist, mix = roster.require(request.artist), request.mix
        if mix is not None:
            mix = replace(mix, artist=roster.require(mix.artist))
        return replace(request, artist=artist, mix=mix if mix and mix.artist != artist else None)

    async def swap(
        self, checkpoint_folder: Path, *, version: str | None = None, instead_of: str | None = None
    ) -> None:
        """Make another checkpoint live, now and after a restart; it must lie among the checkpoints.

        Verses in flight finish on the old one. Raises CheckpointError when it does not load, is not
        `version`, is to take the place `instead_of` one that is not live any more, or cannot be
        made live; then nothing has changed.
        """
        async with self._swapping:
            dispatcher = self._running_dispatcher()
            if instead_of not in (None, self.live_version):
                raise CheckpointError(
                    f"{self.live_version} is live by now, and not {instead_of}.", "Train again."
                )
            live = await asyncio.to_thread(self._load, checkpoint_folder)
            if version not in (None, live.version):
                raise CheckpointError(
                    f"{checkpoint_folder} holds {live.version}, not {version}.",
                    "Restore it from a backup.",
                )
            await dispatcher.open(live)
            try:
                await asyncio.to_thread(self._registry.promote, checkpoint_folder)
            except BaseException:
                dispatcher.retire(live)
                raise
            dispatcher.go_live(live)
            live.roster.remove(self.removed)
            self._live = live
            logger.info("checkpoint %s is live", live.version)

    async def try_out(self, checkpoint_folder: Path, version: str, share: float) -> None:
        """Let another version write a share of the verses beside the live one, until `end_trial`.

        Raises CheckpointError when it does not load or is another.
        """
        async with self._swapping:
            dispatcher = self._running_dispatcher()
            trial = await asyncio.to_thread(self._load, checkpoint_folder)
            if trial.version != version:
                raise CheckpointError(f"{checkpoint_folder} holds {trial.version}, not {version}.")
            await dispatcher.open(trial)
            dispatcher.try_out(trial, share)
            logger.info("checkpoint %s writes %g of the verses", version, share)

    def end_trial(self) -> None:
        """Harmless without one."""
        if self._dispatcher is not None:
            self._dispatcher.end_trial()

    @property
    def _live_checkpoint(self) -> LiveCheckpoint:
        if self._live is None:
            raise EngineStopped
        return self._live

    def _running_dispatcher(self) -> Dispatcher:
        if self._dispatcher is None:
            raise EngineStopped
        return self._dispatcher

    def _load_live(self) -> LiveCheckpoint:
        checkpoint, self.warnings = self._registry.load_live(self._device)
        return self._alive(checkpoint)

    def _load(self, folder: Path) -> LiveCheckpoint:
        return self._alive(self._registry.load(folder, self._device))

    def _alive(self, checkpoint: Checkpoint) -> LiveCheckpoint:
        precision = self._config.generation.precision
        return LiveCheckpoint(next(self._keys), checkpoint, precision, self._submitted)
